/** The keys of a compose file, each with its shape. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.schema;

import org.jspecify.annotations.NullMarked;
