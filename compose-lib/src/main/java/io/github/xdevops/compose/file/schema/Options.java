package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of a driver: names and values that Compose does not interpret. */
final class Options extends Shape {

    private final boolean nullable;

    Options(boolean nullable) {
        this.nullable = nullable;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isMap()) {
            throw wrong(node, path, "a mapping");
        }
        node.map().forEach((name, value) -> {
            boolean word = value.isText() || value.value() instanceof Number || (nullable && value.isNull());
            if (!word) {
                throw wrong(value, path.key(name), "a string or a number");
            }
        });
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isMap() || node.map().isEmpty()) {
            return null;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        node.map().forEach((name, value) -> out.put(name, value.with(value.text())));
        return node.with(out);
    }
}
