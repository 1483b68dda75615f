/**
 * Deploys Compose stacks as review environments. This package contains the terms of the domain, which all others use.
 *
 * <p>Start at {@link io.github.xdevops.compose.render.Stack} and {@link io.github.xdevops.compose.server.Stacks}.
 */
@NullMarked
package io.github.xdevops.compose;

import org.jspecify.annotations.NullMarked;
