/** Detects the source from a pipeline's variables or from a checkout. */
@NullMarked
package io.github.xdevops.compose.ci;

import org.jspecify.annotations.NullMarked;
