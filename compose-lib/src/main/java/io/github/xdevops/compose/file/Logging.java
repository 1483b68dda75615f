package io.github.xdevops.compose.file;

import org.jspecify.annotations.Nullable;

/** Where the output goes; the options of one driver are not mixed with those of another. */
final class Logging extends Shape {

    private static final Struct SHAPE = Struct.of().key("driver", Scalar.text()).key("options", Shapes.options());

    @Override
    void check(Node node, Path path, Warnings warnings) {
        SHAPE.check(node, path, warnings);
    }

    @Override
    Node merge(Node base, Node over, Path path) {
        String below = base.string("driver");
        String above = over.string("driver");
        return below == null || above == null || below.equals(above) ? SHAPE.merge(base, over, path) : over;
    }

    @Override
    Node canonical(Node node, Path path) {
        return SHAPE.canonical(node, path);
    }

    @Override
    @Nullable
    Node finish(Node node, Path path) {
        return SHAPE.finish(node, path);
    }
}
