package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.SourceText;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts variables into every value of a document; keys stay as they are. */
public final class Interpolation {

    /** One line of defaults can double itself at each level of nesting, so the growth is bounded, too. */
    private static final long MAX_CHARACTERS = 16L * SourceText.MAX_BYTES;

    private final Variables variables;
    private final Warnings warnings;
    private long characters;

    public Interpolation(Variables variables, Warnings warnings) {
        this.variables = variables;
        this.warnings = warnings;
    }

    public Node apply(Node node, KeyPath path) {
        if (node.value() instanceof String text) {
            return text.indexOf('$') < 0 ? node : node.with(substitute(node, text, path));
        }
        if (node.isList()) {
            List<Node> items = new ArrayList<>();
            node.list().forEach(item -> items.add(apply(item, path.item(items.size()))));
            return node.with(items);
        }
        if (node.isMap()) {
            Map<String, Node> entries = new LinkedHashMap<>();
            node.map().forEach((key, value) -> entries.put(key, apply(value, path.key(key))));
            return node.with(entries);
        }
        return node;
    }

    private String substitute(Node node, String text, KeyPath path) {
        try {
            String done = new Substitution(
                            variables,
                            name -> warnings.add(
                                    node.mark(),
                                    path,
                                    "the variable " + name + " is not set and becomes an empty string"))
                    .apply(text);
            characters += done.length();
            if (characters > MAX_CHARACTERS) {
                throw ComposeFileException.at(node, path, "the variables make the file larger than 4 MiB");
            }
            return done;
        } catch (Substitution.Refused e) {
            throw ComposeFileException.at(node, path, e.reason());
        }
    }
}
