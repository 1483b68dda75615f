package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Published ports: {@code "8080:80"}, ranges, addresses and protocols, or mappings; the mapping is the long form. */
final class Ports extends Shape {

    private static final Struct LONG = Struct.of()
            .key("name", Scalar.text())
            .key("mode", Scalar.text())
            .key("host_ip", Scalar.text())
            .key("target", Scalar.whole(0, 4294967295L))
            .key("published", Scalar.textOrWhole())
            .key("protocol", Scalar.text())
            .key("app_protocol", Scalar.text());

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isList()) {
            throw wrong(node, path, "a list");
        }
        int index = 0;
        for (Node item : node.list()) {
            KeyPath at = path.item(index++);
            if (item.isMap()) {
                LONG.check(item, at, warnings);
                if (!item.map().containsKey("target")) {
                    throw ComposeFileException.at(item, at, "the key `target` is missing");
                }
            } else if (item.isText() || item.value() instanceof Long) {
                PortSpec.parse(item, at);
            } else {
                throw wrong(item, at, "a port such as \"8080:80\"");
            }
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isList()) {
            return node;
        }
        List<Node> ports = new ArrayList<>();
        int index = 0;
        for (Node item : node.list()) {
            KeyPath at = path.item(index++);
            if (item.isMap()) {
                ports.add(LONG.canonical(item, at));
            } else {
                ports.addAll(PortSpec.parse(item, at));
            }
        }
        return node.with(Items.unique(ports, Ports::identity));
    }

    private static String identity(Node port) {
        return or(port.string("host_ip"), "0.0.0.0") + "|" + word(port.get("published")) + "|"
                + word(port.get("target")) + "|" + or(port.string("protocol"), "tcp");
    }

    private static String word(@Nullable Node node) {
        return node == null ? "" : node.text();
    }

    private static String or(@Nullable String value, String other) {
        return value == null ? other : value;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isList() || node.list().isEmpty()) {
            return null;
        }
        List<Node> ports = new ArrayList<>();
        for (Node port : node.list()) {
            Map<String, Node> entries = new LinkedHashMap<>(port.map());
            entries.putIfAbsent("mode", port.scalar("ingress"));
            entries.putIfAbsent("protocol", port.scalar("tcp"));
            Node finished = LONG.finish(port.with(entries), path.item(ports.size()));
            ports.add(finished == null ? port : finished);
        }
        return node.with(ports);
    }
}
