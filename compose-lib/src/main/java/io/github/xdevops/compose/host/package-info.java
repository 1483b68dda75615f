/** Runs commands on a host: bytes in, lines out, an exit status back. */
@NullMarked
package io.github.xdevops.compose.host;

import org.jspecify.annotations.NullMarked;
