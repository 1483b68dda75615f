package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Additional host names of a container; the long form is a sorted list of {@code host=address}. */
final class ExtraHosts extends Shape {

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            int index = 0;
            for (Node item : node.list()) {
                split(item, path.item(index++));
            }
        } else if (node.isMap()) {
            node.map().forEach((host, value) -> checkEntry(host, value, path.key(host)));
        } else {
            throw wrong(node, path, "a list or a mapping");
        }
    }

    private void checkEntry(String host, Node value, KeyPath path) {
        checkHost(host, value.keyMark(), path);
        if (value.isList() ? !value.list().stream().allMatch(Node::isText) : !value.isText()) {
            throw wrong(value, path, "an address or a list of addresses");
        }
    }

    private static void checkHost(String host, Mark mark, KeyPath path) {
        if (host.isEmpty() || host.indexOf(':') >= 0 || host.indexOf('=') >= 0) {
            throw ComposeFileException.at(mark, path, "\"" + host + "\" is not a host name");
        }
    }

    private int split(Node item, KeyPath path) {
        if (!item.isText()) {
            throw wrong(item, path, "a string such as host=address");
        }
        String text = item.text();
        int at = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
        if (at < 0) {
            throw ComposeFileException.at(item, path, "\"" + text + "\" has no address");
        }
        checkHost(text.substring(0, at), item.mark(), path);
        return at;
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        if (over.isNull()) {
            return base;
        }
        check(over, path, new Warnings());
        List<Node> all = new ArrayList<>(listed(base));
        listed(over).stream()
                .filter(item -> all.stream().noneMatch(item::same))
                .toList()
                .forEach(all::add);
        return over.with(all);
    }

    private static List<Node> listed(Node node) {
        List<Node> items = new ArrayList<>();
        if (node.isMap()) {
            node.map()
                    .forEach((host, value) -> (value.isList() ? value.list() : List.of(value))
                            .forEach(address -> items.add(address.scalar(host + "=" + address.text()))));
        }
        return node.isList() ? node.list() : items;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        List<String> pairs = new ArrayList<>();
        if (node.isMap()) {
            listed(node)
                    .forEach(item ->
                            add(pairs, item.text().split("=", 2)[0], item.text().split("=", 2)[1]));
        } else if (node.isList()) {
            for (Node item : node.list()) {
                int at = split(item, path);
                for (String address : item.text().substring(at + 1).split(",", -1)) {
                    add(pairs, item.text().substring(0, at), address);
                }
            }
        }
        pairs.sort(null);
        return pairs.isEmpty()
                ? null
                : node.with(pairs.stream()
                        .distinct()
                        .map(pair -> node.scalar((Object) pair))
                        .toList());
    }

    private static void add(List<String> pairs, String host, String address) {
        boolean bracketed = address.length() > 2 && address.startsWith("[") && address.endsWith("]");
        pairs.add(host + "=" + (bracketed ? address.substring(1, address.length() - 1) : address));
    }
}
