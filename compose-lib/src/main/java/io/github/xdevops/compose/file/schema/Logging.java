package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import org.jspecify.annotations.Nullable;

/** The logging of a service. Options of different drivers are not merged. */
final class Logging extends Shape {

    private static final Struct SHAPE = Struct.of().key("driver", Scalar.text()).key("options", Shapes.options());

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        SHAPE.check(node, path, warnings);
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        String below = base.string("driver");
        String above = over.string("driver");
        return below == null || above == null || below.equals(above) ? SHAPE.merge(base, over, path) : over;
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return SHAPE.canonical(node, path);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return SHAPE.finish(node, path);
    }
}
