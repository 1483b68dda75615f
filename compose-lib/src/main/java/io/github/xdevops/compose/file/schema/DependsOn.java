package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dependencies of a service: a list of names, or a mapping with conditions. The mapping is the long form. */
public final class DependsOn extends Shape {

    private static final Struct ONE = Struct.of()
            .key("restart", Scalar.flag())
            .key("required", Scalar.flag().kept())
            .key("condition", Scalar.text("service_started", "service_healthy", "service_completed_successfully"))
            .require("condition");

    private static final Named LONG = Named.of(Named.RESOURCE, ONE);
    private static final Items SHORT = Shapes.words().distinct();

    /** The condition for a plain name. */
    public static Node started(Node at) {
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("condition", at.scalar("service_started"));
        entries.put("required", at.scalar(true));
        return at.with(entries);
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        if (node.isList()) {
            SHORT.check(node, path, warnings);
        } else if (node.isMap()) {
            LONG.check(node, path, warnings);
        } else {
            throw wrong(node, path, "a list or a mapping");
        }
    }

    @Override
    Node merge(Node base, Node over, KeyPath path) {
        if (over.isList()) {
            SHORT.check(over, path, new Warnings());
        }
        return LONG.merge(mapped(base), mapped(over), path);
    }

    @Override
    Node canonical(Node node, KeyPath path) {
        Node whole = mapped(node);
        if (!whole.isMap()) {
            return whole;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        whole.map().forEach((name, value) -> {
            boolean silent = value.isMap() && !value.map().containsKey("required");
            entries.put(name, silent ? value.put("required", value.scalar(true)) : value);
        });
        return whole.with(entries);
    }

    private static Node mapped(Node node) {
        if (!node.isList()) {
            return node;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        node.list().forEach(item -> entries.put(item.text(), started(item)));
        return node.with(entries);
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        return LONG.finish(node, path);
    }
}
