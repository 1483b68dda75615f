/** What a terminal shows. */
@NullMarked
package io.github.xdevops.compose.maven.console;

import org.jspecify.annotations.NullMarked;
