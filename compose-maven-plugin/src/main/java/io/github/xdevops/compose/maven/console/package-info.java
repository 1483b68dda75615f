/** Output to a terminal or a log. */
@NullMarked
package io.github.xdevops.compose.maven.console;

import org.jspecify.annotations.NullMarked;
