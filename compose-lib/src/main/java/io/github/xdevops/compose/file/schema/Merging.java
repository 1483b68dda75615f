package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Node.How;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** General rules of the merge, including {@code !reset} and {@code !override}. */
public final class Merging {

    private Merging() {}

    /** Merges any two values; mappings use the shape of each key. */
    static Node general(Node base, Node over, KeyPath path, Function<String, Shape> shapes) {
        if (over.isNull()) {
            return base;
        }
        if (base.isMap()) {
            if (!over.isMap()) {
                throw ComposeFileException.at(
                        over, path, "cannot replace the mapping of " + place(base) + "; use !override");
            }
            return over.with(mappings(base.map(), over.map(), path, shapes));
        }
        if (base.isList()) {
            if (!over.isList()) {
                throw ComposeFileException.at(
                        over, path, "cannot replace the list of " + place(base) + "; use !override");
            }
            return over.with(appended(base.list(), over.list()));
        }
        return over;
    }

    /** Appends items that are not in the list yet. */
    private static List<Node> appended(List<Node> base, List<Node> over) {
        List<Node> all = new ArrayList<>(base);
        Set<@Nullable Object> known = new HashSet<>();
        base.forEach(item -> known.add(item.plain()));
        over.stream()
                .filter(item -> known.add(item.plain()) || item.how() != How.MERGE)
                .forEach(all::add);
        return all;
    }

    public static String place(Node node) {
        Mark mark = node.mark();
        return mark.file() + ":" + mark.line();
    }

    /** Merges the entries of two mappings. */
    static Map<String, Node> mappings(
            Map<String, Node> base, Map<String, Node> over, KeyPath path, Function<String, Shape> shapes) {
        Map<String, Node> merged = new LinkedHashMap<>(base);
        over.forEach((key, value) -> {
            Node below = merged.get(key);
            if (value.how() == How.RESET) {
                merged.remove(key);
            } else if (below == null || value.how() == How.OVERRIDE) {
                merged.put(key, value);
            } else {
                merged.put(
                        key,
                        shapes.apply(key).merge(below, value, path.key(key)).withKey(value.key()));
            }
        });
        return merged;
    }

    /** Finishes the document after the last merge: removes what was reset and unmarks overrides. */
    public static Node settled(Node node) {
        Node plain = node.how() == How.MERGE ? node : node.withHow(How.MERGE);
        if (node.isList()) {
            List<Node> items = new ArrayList<>();
            for (Node item : node.list()) {
                if (item.how() != How.RESET) {
                    items.add(settled(item));
                }
            }
            return plain.with(items);
        }
        if (node.isMap()) {
            Map<String, Node> entries = new LinkedHashMap<>();
            node.map().forEach((key, value) -> {
                if (value.how() != How.RESET) {
                    entries.put(key, settled(value));
                }
            });
            return plain.with(entries);
        }
        return plain;
    }
}
