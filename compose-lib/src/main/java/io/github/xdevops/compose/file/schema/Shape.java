package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import org.jspecify.annotations.Nullable;

/**
 * What a value of a compose file may be, how two of them merge, and what its long form is.
 *
 * <p>The whole file is one shape made of smaller ones ({@link Schema}); a rule has one home, the shape that it belongs to.
 */
public abstract class Shape {

    /** Refuses what Compose refuses of this value: types, misspelt keys, duplicates. A key or word of a later Compose is a warning. */
    public abstract void check(Node node, KeyPath path, Warnings warnings);

    /** One value over another. The general rule: mappings merge, lists append, scalars replace, null changes nothing. */
    Node merge(Node base, Node over, KeyPath path) {
        return Merging.general(base, over, path, name -> Anything.SHAPE);
    }

    /** The long form of a value that {@link #check} let through. */
    Node canonical(Node node, KeyPath path) {
        return node;
    }

    /** The value as it is written out, with the type that Compose gives it; null when Compose leaves it out. */
    abstract @Nullable Node finish(Node node, KeyPath path);

    final ComposeFileException wrong(Node node, KeyPath path, String expected) {
        return ComposeFileException.at(node, path, "must be " + expected + ", but this is " + kind(node));
    }

    public static String kind(Node node) {
        Object value = node.value();
        if (value == null) {
            return "empty";
        }
        if (node.isMap()) {
            return "a mapping";
        }
        if (node.isList()) {
            return "a list";
        }
        if (value instanceof Boolean) {
            return "the boolean " + value;
        }
        return value instanceof String text ? "the string \"" + cut(text) + "\"" : "the number " + node.text();
    }

    private static String cut(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
