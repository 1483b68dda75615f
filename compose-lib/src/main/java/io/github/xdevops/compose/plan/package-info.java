/** Two compose files compared. */
@NullMarked
package io.github.xdevops.compose.plan;

import org.jspecify.annotations.NullMarked;
