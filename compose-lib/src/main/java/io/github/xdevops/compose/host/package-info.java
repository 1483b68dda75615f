/** The one door to a host: run a command somewhere, bytes in, lines out, an exit code back. */
@NullMarked
package io.github.xdevops.compose.host;

import org.jspecify.annotations.NullMarked;
