package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A list of names or a mapping; the mapping is the long form. */
class NamesOrMapping extends Shape {
    private static final Items SHORT = Shapes.words().distinct();

    private final Named whole;
    private final UnaryOperator<Node> entry;

    /** @param entry makes the long form's value of a name */
    NamesOrMapping(Named whole, UnaryOperator<Node> entry) {
        this.whole = whole;
        this.entry = entry;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            SHORT.check(node, path, warnings);
        } else if (node.isMap()) {
            whole.check(node, path, warnings);
        } else {
            throw wrong(node, path, "a list or a mapping");
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        if (over.isList()) {
            SHORT.check(over, path, new Warnings());
        }
        return whole.merge(mapped(base), mapped(over), path);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return whole.canonical(mapped(node), path);
    }

    /** The long form of a list of names; anything else as it is. */
    final Node mapped(Node node) {
        if (!node.isList()) {
            return node;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        node.list().forEach(item -> entries.put(item.text(), entry.apply(item)));
        return node.with(entries);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return whole.finish(node, path);
    }
}
