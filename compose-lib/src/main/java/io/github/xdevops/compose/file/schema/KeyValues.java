package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Environment, labels and similar maps: a mapping of words, or a list of {@code NAME=value}. The mapping is the long form. */
final class KeyValues extends Shape {

    /** The meaning of a name without a value. */
    enum Bare {
        /** The variables set it later; without one it has no value. */
        INHERITED,
        EMPTY,
        REFUSED
    }

    private final Bare bare;

    KeyValues(Bare bare) {
        this.bare = bare;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            int index = 0;
            for (Node item : node.list()) {
                KeyPath at = path.item(index++);
                if (!item.isText()) {
                    throw wrong(item, at, "a string such as NAME=value");
                }
                if (item.text().isEmpty() || item.text().startsWith("=")) {
                    throw ComposeFileException.at(item, at, "a name must not be empty");
                }
                checkName(Items.beforeEquals(item), item.mark(), at);
                if (bare == Bare.REFUSED && item.text().indexOf('=') < 0) {
                    throw wrong(item, at, "NAME=value");
                }
            }
            return;
        }
        if (!node.isMap()) {
            throw wrong(node, path, "a mapping or a list of NAME=value");
        }
        node.map().forEach((name, value) -> {
            if (value.isMap() || value.isList()) {
                throw wrong(value, path.key(name), "a single value");
            }
            if (name.isEmpty()) {
                throw ComposeFileException.at(value.keyMark(), path.key(name), "a name must not be empty");
            }
            checkName(name, value.keyMark(), path.key(name));
        });
    }

    private void checkName(String name, Mark mark, KeyPath path) {
        if (bare == Bare.INHERITED && name.endsWith(" ")) {
            throw ComposeFileException.at(mark, path, "the name \"" + name + "\" ends with a space");
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        // Once both are mappings, a number in a list would pass for a name.
        if (over.isList()) {
            check(over, path, new Warnings());
        }
        return Merging.general(mapped(base), mapped(over), path, name -> Replaced.SHAPE);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return mapped(node);
    }

    private Node mapped(Node node) {
        Map<String, Node> out = new LinkedHashMap<>();
        if (node.isList()) {
            node.list().forEach(item -> {
                String text = item.text();
                int equals = text.indexOf('=');
                String name = equals < 0 ? text : text.substring(0, equals);
                out.put(
                        name,
                        word(item.with(equals < 0 ? null : text.substring(equals + 1))
                                .withKey(item.mark())));
            });
            return node.with(out);
        }
        if (!node.isMap()) {
            return node;
        }
        node.map().forEach((name, value) -> out.put(name, word(value)));
        return node.with(out);
    }

    private Node word(Node value) {
        if (value.isNull()) {
            return bare == Bare.EMPTY && value.how() == Node.How.MERGE ? value.with("") : value;
        }
        return value.isMap() || value.isList() ? value : value.with(value.text());
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return !node.isMap() || node.map().isEmpty() ? null : node;
    }

    /** An entry that replaces the earlier one, even if it is empty. */
    private static final class Replaced extends Shape {

        static final Shape SHAPE = new Replaced();

        @Override
        public void check(Node node, KeyPath path, Warnings warnings) {}

        @Override
        Node merge(Node base, Node over, KeyPath path) {
            return over;
        }

        @Override
        Node finish(Node node, KeyPath path) {
            return node;
        }
    }
}
