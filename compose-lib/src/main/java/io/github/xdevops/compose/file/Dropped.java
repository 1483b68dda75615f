package io.github.xdevops.compose.file;

import org.jspecify.annotations.Nullable;

/** A key that Compose reads and then forgets. */
final class Dropped extends Shape {

    private final Shape shape;

    Dropped(Shape shape) {
        this.shape = shape;
    }

    @Override
    void check(Node node, Path path, Warnings warnings) {
        shape.check(node, path, warnings);
    }

    @Override
    @Nullable
    Node finish(Node node, Path path) {
        return null;
    }
}
