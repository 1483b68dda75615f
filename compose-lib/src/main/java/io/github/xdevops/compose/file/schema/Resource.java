package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A top-level volume, network, config or secret, which may be {@code external}. */
public final class Resource extends Shape {

    private final Struct shape;

    Resource(Struct shape) {
        this.shape = shape.key("name", Scalar.text()).key("external", new External());
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        shape.check(node, path, warnings);
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        return shape.merge(base, over, path);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        if (!node.isMap()) {
            return node;
        }
        Node whole = shape.canonical(node, path);
        Node external = whole.get("external");
        if (external == null || !external.isMap()) {
            return whole;
        }
        Node name = external.get("name");
        Node plain = whole.put("external", external.with(true));
        Node own = whole.get("name");
        if (name != null && own != null && !own.same(name)) {
            throw ComposeFileException.at(name, path, "`name` and `external.name` differ; use only `name`");
        }
        return name != null && own == null ? plain.put("name", name) : plain;
    }

    public static boolean isExternal(Node resource) {
        Node external = resource.get("external");
        Node truth = external == null ? null : External.FLAG.finish(external, KeyPath.ROOT);
        return truth != null;
    }

    /** Refuses keys of an external volume that Compose refuses. */
    public static void checkExternal(Node volume, KeyPath path) {
        if (!isExternal(volume)) {
            return;
        }
        volume.map().forEach((key, value) -> {
            if (!Set.of("name", "external").contains(key) && !key.startsWith("x-")) {
                throw ComposeFileException.at(
                        value.keyMark(), path.key(key), "an external volume is made elsewhere and takes only `name`");
            }
        });
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return node.isMap() ? shape.finish(node, path) : node.with(java.util.Map.of());
    }

    /** {@code true}, or the old mapping with a name. */
    private static final class External extends Shape {

        private static final Scalar FLAG = Scalar.flag();
        private static final Struct OLD = Struct.of().key("name", Scalar.text());

        @Override
        public void check(Node node, KeyPath path, Warnings warnings) {
            (node.isMap() ? OLD : FLAG).check(node, path, warnings);
        }

        @Override
        @Nullable
        Node finish(Node node, KeyPath path) {
            return node.isMap() ? node.with(true) : FLAG.finish(node, path);
        }
    }
}
