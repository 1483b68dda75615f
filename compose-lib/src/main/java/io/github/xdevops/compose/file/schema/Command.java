package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's command: a list of words, or a line that is split into words. An empty list is a value: it clears the command.
 */
final class Command extends WordsOrLine {

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isNull()) {
            super.check(node, path, warnings);
        }
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isText()) {
            return node.isNull() ? null : node;
        }
        List<String> words = ShellWords.split(node.text());
        if (words == null) {
            throw ComposeFileException.at(node, path, "a quote or a parenthesis is not closed");
        }
        return node.with(words.stream().map(word -> node.scalar((Object) word)).toList());
    }
}
