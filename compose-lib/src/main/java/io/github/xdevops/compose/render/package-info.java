/** From compose files and options to a finished stack. Pure: nothing here needs a server. */
@NullMarked
package io.github.xdevops.compose.render;

import org.jspecify.annotations.NullMarked;
