/** The stacks on a server: what is asked of it, and what it answers. The only package that knows the words of the server's script. */
@NullMarked
package io.github.xdevops.compose.server;

import org.jspecify.annotations.NullMarked;
