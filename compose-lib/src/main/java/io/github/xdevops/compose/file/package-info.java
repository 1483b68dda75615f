/**
 * A compose file as a tree: loaded, interpolated, extended, included, merged, canonical and emitted as Docker Compose does it.
 *
 * <p>Start at {@link io.github.xdevops.compose.file.ComposeFile}. Nothing here needs Docker.
 */
@NullMarked
package io.github.xdevops.compose.file;

import org.jspecify.annotations.NullMarked;
