/** What travels inside the compose file. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.inline;

import org.jspecify.annotations.NullMarked;
