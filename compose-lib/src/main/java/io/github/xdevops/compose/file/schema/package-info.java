/** What each key of a compose file means: one shape a key. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.schema;

import org.jspecify.annotations.NullMarked;
