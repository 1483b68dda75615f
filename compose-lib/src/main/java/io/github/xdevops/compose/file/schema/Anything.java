package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;

/** A value that Compose does not interpret, such as that of an {@code x-} key. */
final class Anything extends Shape {

    static final Shape SHAPE = new Anything();

    private Anything() {}

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {}

    @Override
    Node finish(Node node, KeyPath path) {
        return node;
    }
}
