package io.github.xdevops.compose.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mapping with a known set of keys; keys that start with {@code x-} are the user's own. */
final class Struct extends Shape {

    private final Map<String, Shape> keys = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<Node>> shortForms = new LinkedHashMap<>();
    private List<String> required = List.of();
    private boolean extensible = true;
    private boolean nullable;
    private boolean leftOutWhenEmpty;

    static Struct of() {
        return new Struct();
    }

    Struct key(String name, Shape shape) {
        keys.put(name, shape);
        return this;
    }

    /** The short form: a plain string, and the mapping that it stands for. */
    Struct orText(UnaryOperator<Node> longForm) {
        shortForms.put("text", longForm);
        return this;
    }

    Struct require(String... names) {
        required = List.of(names);
        return this;
    }

    /** No {@code x-} keys here. */
    Struct closed() {
        extensible = false;
        return this;
    }

    Struct orNull() {
        nullable = true;
        return this;
    }

    Struct leftOutWhenEmpty() {
        leftOutWhenEmpty = true;
        return this;
    }

    Shape shapeOf(String name) {
        Shape shape = keys.get(name);
        return shape == null ? Anything.SHAPE : shape;
    }

    @Override
    void check(Node node, Path path) {
        if ((node.isNull() && nullable) || (node.isText() && !shortForms.isEmpty())) {
            return;
        }
        if (!node.isMap()) {
            throw wrong(node, path, shortForms.isEmpty() ? "a mapping" : "a string or a mapping");
        }
        node.map().forEach((name, value) -> {
            Shape shape = keys.get(name);
            if (shape != null) {
                shape.check(value, path.key(name));
            } else if (!extensible || !name.startsWith("x-")) {
                throw ComposeFileException.at(
                        value.keyMark(), path.key(name), "unknown key" + Suggestion.of(name, keys.keySet()));
            }
        });
        for (String name : required) {
            if (!node.map().containsKey(name)) {
                throw ComposeFileException.at(node, path, "the key `" + name + "` is missing");
            }
        }
    }

    @Override
    Node merge(Node base, Node over, Path path) {
        return Merging.general(expanded(base), expanded(over), path, this::shapeOf);
    }

    @Override
    Node canonical(Node node, Path path) {
        Node whole = expanded(node);
        if (!whole.isMap()) {
            return whole;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        whole.map()
                .forEach((name, value) -> out.put(
                        name, shapeOf(name).canonical(value, path.key(name)).withKey(value.key())));
        return whole.with(out);
    }

    @Override
    @Nullable
    Node finish(Node node, Path path) {
        if (!node.isMap()) {
            return null;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        node.map().forEach((name, value) -> {
            Node finished = shapeOf(name).finish(value, path.key(name));
            if (finished != null) {
                out.put(name, finished.withKey(value.key()));
            }
        });
        return leftOutWhenEmpty && out.isEmpty() ? null : node.with(out);
    }

    private Node expanded(Node node) {
        UnaryOperator<Node> longForm = shortForms.get("text");
        return longForm != null && node.isText() ? longForm.apply(node) : node;
    }
}
