/** Images of the modules on this machine. */
@NullMarked
package io.github.xdevops.compose.maven.image;

import org.jspecify.annotations.NullMarked;
