package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;

/** A list of words or one line. A later file replaces the whole. */
abstract class WordsOrLine extends Shape {
    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            int index = 0;
            for (Node item : node.list()) {
                if (!item.isText()) {
                    throw wrong(item, path.item(index), "a string; quote it");
                }
                index++;
            }
        } else if (!node.isText()) {
            throw wrong(node, path, "a string or a list of strings");
        }
    }

    @Override
    final Node merge(Node base, Node over, KeyPath path) {
        return over;
    }
}
