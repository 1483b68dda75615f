package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The test of a health check: {@code [CMD, …]}, {@code [CMD-SHELL, line]}, {@code [NONE]}, or only the line. */
final class HealthTest extends WordsOrLine {

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
