package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import org.jspecify.annotations.Nullable;

/** A key that Compose reads and then forgets. */
final class Dropped extends Shape {

    private final Shape shape;

    Dropped(Shape shape) {
        this.shape = shape;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        shape.check(node, path, warnings);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return null;
    }
}
