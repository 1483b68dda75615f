/** Operations on the stacks of a server. The only package that knows the words of the server's script. */
@NullMarked
package io.github.xdevops.compose.server;

import org.jspecify.annotations.NullMarked;
