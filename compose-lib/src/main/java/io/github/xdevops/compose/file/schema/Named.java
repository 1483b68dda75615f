package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping whose keys the user chooses: services, volumes, ulimits, driver options. */
final class Named extends Shape {

    static final Pattern RESOURCE = Pattern.compile("[a-zA-Z0-9._-]+");
    static final Pattern ANY = Pattern.compile("(?s).+");

    private final Pattern names;
    private final Shape shape;
    private final boolean keepsNull;
    private final boolean keepsEmpty;

    private Named(Pattern names, Shape shape, boolean keepsNull, boolean keepsEmpty) {
        this.names = names;
        this.shape = shape;
        this.keepsNull = keepsNull;
        this.keepsEmpty = keepsEmpty;
    }

    static Named of(Pattern names, Shape shape) {
        return new Named(names, shape, false, false);
    }

    /** Keeps a name without a value. */
    Named keepingNull() {
        return new Named(names, shape, true, keepsEmpty);
    }

    /** Keeps a mapping without entries. */
    Named keepingEmpty() {
        return new Named(names, shape, keepsNull, true);
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (!node.isMap()) {
            throw wrong(node, path, "a mapping");
        }
        node.map().forEach((name, value) -> {
            if (!names.matcher(name).matches()) {
                throw ComposeFileException.at(
                        value.keyMark(), path.key(name), "a name here must match " + names.pattern());
            }
            shape.check(value, path.key(name), warnings);
        });
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        return Merging.general(base, over, path, name -> shape);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isMap()) {
            return node;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        node.map()
                .forEach((name, value) ->
                        out.put(name, shape.canonical(value, path.key(name)).withKey(value.key())));
        return node.with(out);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        if (!node.isMap()) {
            return null;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        node.map().forEach((name, value) -> {
            Node finished = shape.finish(value, path.key(name));
            if (finished != null) {
                out.put(name, finished.withKey(value.key()));
            } else if (keepsNull) {
                out.put(name, value.with(null));
            }
        });
        return out.isEmpty() && !keepsEmpty ? null : node.with(out);
    }
}
