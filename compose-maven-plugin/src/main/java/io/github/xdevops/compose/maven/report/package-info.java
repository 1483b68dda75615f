/** Tables and JSON of the goals. */
@NullMarked
package io.github.xdevops.compose.maven.report;

import org.jspecify.annotations.NullMarked;
