/** The Maven goals: parameters become records, and records one call of the library. */
@NullMarked
package io.github.xdevops.compose.maven;

import org.jspecify.annotations.NullMarked;
