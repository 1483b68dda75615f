package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Numbers;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for devices such as GPUs from a driver; {@code all} means -1. */
final class DeviceRequests extends Shape {

    private static final Struct ONE = Struct.of()
            .key("capabilities", Items.of(Scalar.text()))
            .key("count", new Count())
            .key("device_ids", Items.of(Scalar.text()))
            .key("driver", Scalar.text())
            .key("options", new KeyValues(KeyValues.Bare.EMPTY));
    private static final Items ITEMS = Items.of(ONE);

    private final boolean gpus;

    DeviceRequests(boolean gpus) {
        this.gpus = gpus;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (gpus && "all".equals(node.value())) {
            return;
        }
        ITEMS.check(node, path, warnings);
        int index = 0;
        for (Node item : node.list()) {
            KeyPath at = path.item(index++);
            if (!gpus && !item.map().containsKey("capabilities")) {
                throw ComposeFileException.at(item, at, "the key `capabilities` is missing");
            }
            if (item.map().containsKey("count") && item.map().containsKey("device_ids")) {
                throw ComposeFileException.at(item, at, "`count` and `device_ids` exclude each other");
            }
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (node.isText()) {
            Map<String, Node> all = new LinkedHashMap<>();
            all.put("count", node.scalar("all"));
            return node.with(List.of(node.with(all)));
        }
        return ITEMS.canonical(node, path);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isList()) {
            return null;
        }
        return ITEMS.finish(
                node.with(node.list().stream().map(DeviceRequests::counted).toList()), path);
    }

    private static Node counted(Node request) {
        boolean said = request.map().containsKey("count") || request.map().containsKey("device_ids");
        return said ? request : request.put("count", request.scalar("all"));
    }

    /** A number, or {@code all}. */
    private static final class Count extends Shape {

        @Override
        public void check(Node node, KeyPath path, Warnings warnings) {
            if (count(node) == null) {
                throw wrong(node, path, "a whole number or `all`");
            }
        }

        private static @Nullable Long count(Node node) {
            Object value = node.value();
            if (value instanceof String text && text.toLowerCase(Locale.ROOT).equals("all")) {
                return -1L;
            }
            return value instanceof String || value instanceof Long ? Numbers.whole(value) : null;
        }

        @Override
        @Nullable
        Node finish(Node node, KeyPath path) {
            Long count = count(node);
            return count == null || count == 0 ? null : node.with(count);
        }
    }
}
