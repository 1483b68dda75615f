package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The test of a health check: {@code [CMD, …]}, {@code [CMD-SHELL, line]}, {@code [NONE]}, or only the line. */
final class HealthTest extends Shape {

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
    Node merge(Node base, Node over, KeyPath path) {
        return over;
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (node.isText()) {
            return node.with(List.of(node.scalar("CMD-SHELL"), node.scalar(node.value())));
        }
        if (!node.isList() || node.list().isEmpty()) {
            return null;
        }
        Node first = node.list().get(0);
        if (!List.of("CMD", "CMD-SHELL", "NONE").contains(first.text())) {
            throw ComposeFileException.at(first, path, "must start with CMD, CMD-SHELL or NONE");
        }
        return node;
    }
}
