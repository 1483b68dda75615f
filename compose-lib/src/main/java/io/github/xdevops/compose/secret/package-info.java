/** What is secret and how it is hidden. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.secret;

import org.jspecify.annotations.NullMarked;
