package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import io.github.xdevops.compose.text.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with a known set of keys; keys that start with {@code x-} are the user's own.
 *
 * <p>An unknown key may be one of a later Compose, so it is passed on with a warning: the Compose and the policy of the server judge
 * it. A misspelt key, and one that no version of Compose could have, is an error.
 */
public final class Struct extends Shape {

    /** The form of all keys since the first version of Compose. */
    private static final Pattern POSSIBLE = Pattern.compile("[a-z][a-z0-9_]{1,60}");

    private final Map<String, Shape> keys = new LinkedHashMap<>();
    private final Map<String, String> obsolete = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<Node>> shortForms = new LinkedHashMap<>();
    private List<String> required = List.of();
    private boolean extensible = true;
    private boolean passesUnknown = true;
    private boolean nullable;
    private boolean leftOutWhenEmpty;

    static Struct of() {
        return new Struct();
    }

    Struct key(String name, Shape shape) {
        keys.put(name, shape);
        return this;
    }

    /** A key of the first versions of Compose, which later ones refuse, and its successor. */
    Struct obsolete(String name, String successor) {
        obsolete.put(name, successor);
        return this;
    }

    /** Accepts a short form: a plain string, converted to a mapping. */
    Struct orText(UnaryOperator<Node> longForm) {
        shortForms.put("text", longForm);
        return this;
    }

    Struct require(String... names) {
        required = List.of(names);
        return this;
    }

    /** Refuses {@code x-} keys. */
    Struct closed() {
        extensible = false;
        return this;
    }

    /** Refuses unknown keys: this mapping is evaluated here, so no server could judge them. */
    Struct consumed() {
        passesUnknown = false;
        return closed();
    }

    Struct orNull() {
        nullable = true;
        return this;
    }

    Struct leftOutWhenEmpty() {
        leftOutWhenEmpty = true;
        return this;
    }

    public Shape shapeOf(String name) {
        Shape shape = keys.get(name);
        return shape == null ? Anything.SHAPE : shape;
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if ((node.isNull() && nullable) || (node.isText() && !shortForms.isEmpty())) {
            return;
        }
        if (!node.isMap()) {
            throw wrong(node, path, shortForms.isEmpty() ? "a mapping" : "a string or a mapping");
        }
        node.map().forEach((name, value) -> {
            Shape shape = keys.get(name);
            if (shape != null) {
                shape.check(value, path.key(name), warnings);
            } else if (!extensible || !name.startsWith("x-")) {
                unknown(name, value, path.key(name), warnings);
            }
        });
        for (String name : required) {
            if (!node.map().containsKey(name)) {
                throw ComposeFileException.at(node, path, "the key `" + name + "` is missing");
            }
        }
    }

    private void unknown(String name, Node value, KeyPath path, Warnings warnings) {
        String successor = obsolete.get(name);
        if (successor != null) {
            throw ComposeFileException.at(
                    value.keyMark(), path, "Compose no longer has this key; use `" + successor + "`");
        }
        String suggestion = Suggestion.of(name, keys.keySet());
        if (!passesUnknown || !POSSIBLE.matcher(name).matches() || Suggestion.isMisspelt(name, keys.keySet())) {
            throw ComposeFileException.at(value.keyMark(), path, "unknown key" + suggestion);
        }
        warnings.add(
                value.keyMark(), path, "the key `" + name + "` is unknown to this version; passed on" + suggestion);
    }

    @Override
    public Node merge(Node base, Node over, KeyPath path) {
        return Merging.general(expanded(base), expanded(over), path, this::shapeOf);
    }

    @Override
    public Node canonical(Node node, KeyPath path) {
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
    public Node finish(Node node, KeyPath path) {
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
