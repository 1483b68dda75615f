/** The domain and its one façade, Stacks. */
@NullMarked
package io.github.xdevops.compose;

import org.jspecify.annotations.NullMarked;
