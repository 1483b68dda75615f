package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.Budget;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replaces variables in every value of a document; keys stay unchanged. */
public final class Interpolation {

    private final Variables variables;
    private final Warnings warnings;
    private final Budget budget;

    public Interpolation(Variables variables, Warnings warnings, Budget budget) {
        this.budget = budget;
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
            String done = new Substitution(variables, name -> warnings.addUnset(node.mark(), path, name)).apply(text);
            budget.characters(done.length(), node.mark(), path);
            return done;
        } catch (Substitution.Refused e) {
            throw ComposeFileException.at(node, path, e.reason());
        }
    }
}
