/**
 * Loading: {@code include}, {@code extends}, merging, long forms, checks of the whole. Internal: may change, except
 * {@link io.github.xdevops.compose.file.load.ComposeSource} and {@link io.github.xdevops.compose.file.load.ProjectFiles}.
 */
@NullMarked
package io.github.xdevops.compose.file.load;

import org.jspecify.annotations.NullMarked;
