package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
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
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isMap()) {
            BOTH.check(node, path, warnings);
        } else {
            SINGLE.check(node, path, warnings);
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        return base.isMap() && over.isMap() ? BOTH.merge(base, over, path) : over;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (node.isMap()) {
            return BOTH.finish(node, path);
        }
        Node single = SINGLE.finish(node, path);
        // Compose writes a single zero as two.
        return single != null ? single : node.with(Map.of("soft", node.scalar(0L), "hard", node.scalar(0L)));
    }
}
