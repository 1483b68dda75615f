package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An env file: its name, or a mapping that may declare it optional. */
final class EnvFile extends Shape {

    private static final Struct LONG = Struct.of()
            .key("path", Scalar.text())
            .key("format", Scalar.text())
            .key("required", Scalar.flag().kept())
            .require("path")
            .consumed();

    static String identity(Node file) {
        return String.valueOf(file.string("path"));
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isText()) {
            LONG.check(node, path, warnings);
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (node.isText()) {
            Map<String, Node> entries = new LinkedHashMap<>();
            entries.put("path", node.scalar(node.value()));
            entries.put("required", node.scalar(true));
            return node.with(entries);
        }
        return node.isMap() && !node.map().containsKey("required") ? node.put("required", node.scalar(true)) : node;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return LONG.finish(node, path);
    }
}
