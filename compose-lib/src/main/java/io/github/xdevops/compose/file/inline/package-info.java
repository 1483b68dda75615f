/** Makes a compose file need nothing of this machine. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.inline;

import org.jspecify.annotations.NullMarked;
