package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A device of the host: {@code source:target:permissions}, or a mapping; the mapping is the long form. */
final class Device extends Shape {

    private static final Struct LONG = Struct.of()
            .key("source", Scalar.text())
            .key("target", Scalar.text())
            .key("permissions", Scalar.text())
            .require("source");

    static String identity(Node device) {
        return String.valueOf(device.string("target"));
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isText()) {
            if (node.text().split(":", -1).length > 3) {
                throw ComposeFileException.at(node, path, "too many colons; write it as a mapping");
            }
        } else {
            LONG.check(node, path, warnings);
            if (node.string("target") == null) {
                throw ComposeFileException.at(node, path, "the key `target` is missing");
            }
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isText()) {
            return node;
        }
        String[] parts = node.text().split(":", -1);
        String target = parts.length < 2 || parts[1].isEmpty() ? parts[0] : parts[1];
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("source", node.scalar(parts[0]));
        entries.put("target", node.scalar(target));
        entries.put("permissions", node.scalar(parts.length < 3 ? "rwm" : parts[2]));
        return node.with(entries);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return LONG.finish(node, path);
    }
}
