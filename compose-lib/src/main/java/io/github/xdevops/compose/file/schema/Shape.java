package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import org.jspecify.annotations.Nullable;

/**
 * A kind of value in a compose file: its check, its merge and its long form.
 *
 * <p>The whole file is one shape made of smaller ones ({@link Schema}). Each rule is in the shape that it belongs to.
 */
public abstract class Shape {

    /**
     * Refuses values that Compose refuses: wrong types, misspelt keys, duplicates. A key or word of a later Compose is a warning.
     */
    public abstract void check(Node node, KeyPath path, Warnings warnings);

    /** Merges a value over another. By default, mappings merge, lists append, scalars replace, and null changes nothing. */
    Node merge(Node base, Node over, KeyPath path) {
        return Merging.general(base, over, path, name -> Anything.SHAPE);
    }

    /** The long form of a value that passed {@link #check}. */
    Node canonical(Node node, KeyPath path) {
        return node;
    }

    /** The output value with its type in Compose; null if Compose leaves it out. */
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
