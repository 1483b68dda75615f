/** Compares two compose files. */
@NullMarked
package io.github.xdevops.compose.plan;

import org.jspecify.annotations.NullMarked;
