/** Interpolation and {@code .env} files. Internal: may change. */
@NullMarked
package io.github.xdevops.compose.file.variables;

import org.jspecify.annotations.NullMarked;
