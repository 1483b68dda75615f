/** Images on this machine: what is in an archive that a build made, and what the Docker here has. */
@NullMarked
package io.github.xdevops.compose.image;

import org.jspecify.annotations.NullMarked;
