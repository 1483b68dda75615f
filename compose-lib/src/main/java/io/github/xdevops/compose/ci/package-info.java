/** Reads what a pipeline or a checkout says about the source. */
@NullMarked
package io.github.xdevops.compose.ci;

import org.jspecify.annotations.NullMarked;
