/** The Maven goals: they convert parameters to options, and call the library. */
@NullMarked
package io.github.xdevops.compose.maven;

import org.jspecify.annotations.NullMarked;
