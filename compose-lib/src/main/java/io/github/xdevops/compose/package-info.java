/**
 * Deploys Compose stacks as review environments: the words of the domain, which every other package uses.
 *
 * <p>Start at {@link io.github.xdevops.compose.render.Stack} and {@link io.github.xdevops.compose.server.Stacks}.
 */
@NullMarked
package io.github.xdevops.compose;

import org.jspecify.annotations.NullMarked;
