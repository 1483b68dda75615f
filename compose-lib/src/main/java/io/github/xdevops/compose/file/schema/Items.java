package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list; merging appends. If items have a key, a later item replaces an earlier one with the same key. */
final class Items extends Shape {

    private final Shape shape;
    private @Nullable Function<Node, String> identity;
    private boolean distinct;
    private boolean orText;
    private boolean dropsEmpty;

    private Items(Shape shape) {
        this.shape = shape;
    }

    static Items of(Shape shape) {
        return new Items(shape);
    }

    /** Refuses equal items. */
    Items distinct() {
        distinct = true;
        return this;
    }

    /** Items with the same key are the same; the later one wins. */
    Items keyed(Function<Node, String> key) {
        identity = key;
        return this;
    }

    /** Accepts a single string as a list of one. */
    Items orText() {
        orText = true;
        return this;
    }

    /** Drops empty strings. */
    Items withoutEmpty() {
        dropsEmpty = true;
        return this;
    }

    /** The part before an equals sign, which is the key of most lists of words. */
    static String beforeEquals(Node item) {
        String text = item.text();
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (orText && node.isText()) {
            return;
        }
        if (!node.isList()) {
            throw wrong(node, path, orText ? "a string or a list" : "a list");
        }
        int index = 0;
        List<Node> seen = new ArrayList<>();
        for (Node item : node.list()) {
            KeyPath at = path.item(index++);
            shape.check(item, at, warnings);
            if (distinct && seen.stream().anyMatch(item::same)) {
                throw ComposeFileException.at(item, at, "this item is in the list twice");
            }
            seen.add(item);
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        return Merging.general(listed(base), listed(over), path, name -> Anything.SHAPE);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        Node whole = listed(node);
        if (!whole.isList()) {
            return whole;
        }
        List<Node> items = new ArrayList<>();
        whole.list().forEach(item -> items.add(shape.canonical(item, path.item(items.size()))));
        items.removeIf(item -> dropsEmpty && "".equals(item.value()));
        return whole.with(identity == null ? items : unique(items, identity));
    }

    static List<Node> unique(List<Node> items, Function<Node, String> identity) {
        Map<String, Node> unique = new LinkedHashMap<>();
        items.forEach(item -> unique.put(identity.apply(item), item));
        return new ArrayList<>(unique.values());
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isList() || node.list().isEmpty()) {
            return null;
        }
        List<Node> items = new ArrayList<>();
        node.list().forEach(item -> {
            Node finished = shape.finish(item, path.item(items.size()));
            items.add(finished == null ? item : finished);
        });
        return node.with(items);
    }

    private Node listed(Node node) {
        return orText && node.isText() ? node.with(List.of(node.withKey(null))) : node;
    }
}
