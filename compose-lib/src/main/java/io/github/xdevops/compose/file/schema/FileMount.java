package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A config or a secret in a service: its name, or a mapping; the mapping is the long form. */
final class FileMount extends Shape {

    private static final Struct LONG = Struct.of()
            .key("source", Scalar.text())
            .key("target", Scalar.text())
            .key("uid", Scalar.text())
            .key("gid", Scalar.text())
            .key("mode", Scalar.mode().kept());

    private final boolean secret;

    FileMount(boolean secret) {
        this.secret = secret;
    }

    /** Two mounts with the same target are the same. */
    static String identity(Node mount, String directory) {
        String target = mount.string("target");
        return target == null ? directory + "/" + mount.string("source") : target;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isText()) {
            if (!node.isMap()) {
                throw wrong(node, path, "a name or a mapping");
            }
            LONG.check(node, path, warnings);
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isText()) {
            return node;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("source", node.scalar(node.value()));
        return node.with(entries);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        Node whole = !secret || node.map().containsKey("target")
                ? node
                : node.put("target", node.scalar("/run/secrets/" + node.string("source")));
        return LONG.finish(whole, path);
    }
}
