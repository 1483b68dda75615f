/** YAML and the tree of nodes. Internal: may change, except {@link io.github.xdevops.compose.file.tree.ComposeFileException}. */
@NullMarked
package io.github.xdevops.compose.file.tree;

import org.jspecify.annotations.NullMarked;
