package io.github.xdevops.compose.file;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A limit of the kernel: one number, or a soft and a hard one. */
final class Ulimit extends Shape {

    private static final Scalar SINGLE = Scalar.whole();
    private static final Struct BOTH = Struct.of()
            .key("hard", Scalar.whole().kept())
            .key("soft", Scalar.whole().kept())
            .require("soft", "hard");

    @Override
    void check(Node node, Path path, Warnings warnings) {
        if (node.isMap()) {
            BOTH.check(node, path, warnings);
        } else {
            SINGLE.check(node, path, warnings);
        }
    }

    @Override
    Node merge(Node base, Node over, Path path) {
        return over;
    }

    @Override
    @Nullable
    Node finish(Node node, Path path) {
        if (node.isMap()) {
            return BOTH.finish(node, path);
        }
        Node single = SINGLE.finish(node, path);
        // Compose writes a single zero as two.
        return single != null ? single : node.with(Map.of("soft", node.scalar(0L), "hard", node.scalar(0L)));
    }
}
