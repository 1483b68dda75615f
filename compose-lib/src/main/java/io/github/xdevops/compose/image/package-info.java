/** Images on this machine: archives of builds, and images of the local Docker. */
@NullMarked
package io.github.xdevops.compose.image;

import org.jspecify.annotations.NullMarked;
