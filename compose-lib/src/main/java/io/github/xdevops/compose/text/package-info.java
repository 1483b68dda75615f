/** Text, JSON and hashes; independent of Compose. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.text;

import org.jspecify.annotations.NullMarked;
