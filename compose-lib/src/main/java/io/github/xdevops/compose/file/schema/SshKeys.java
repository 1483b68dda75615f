package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SSH keys for a build: {@code default}, or {@code id=path}. */
final class SshKeys extends Shape {

    private static final KeyValues WORDS = new KeyValues(KeyValues.Bare.INHERITED);

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        WORDS.check(node, path, warnings);
        int index = 0;
        for (Node item : node.isList() ? node.list() : List.<Node>of()) {
            if (item.text().indexOf('=') < 0 && !item.text().equals("default")) {
                throw ComposeFileException.at(item, path.item(index), "must be `default` or id=path");
            }
            index++;
        }
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        return WORDS.canonical(node, path);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isMap() || node.map().isEmpty()) {
            return null;
        }
        List<Node> keys = new ArrayList<>();
        node.map().forEach((id, file) -> keys.add(file.scalar(file.text().isEmpty() ? id : id + "=" + file.text())));
        return node.with(keys);
    }
}
