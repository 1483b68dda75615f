package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** Dependencies of a service: a list of names, or a mapping with conditions. */
public final class DependsOn extends NamesOrMapping {
    private static final Struct ONE = Struct.of()
            .key("restart", Scalar.flag())
            .key("required", Scalar.flag().kept())
            .key("condition", Scalar.text("service_started", "service_healthy", "service_completed_successfully"))
            .require("condition");

    DependsOn() {
        super(Named.of(Named.RESOURCE, ONE), DependsOn::started);
    }

    /** The condition for a plain name. */
    public static Node started(Node at) {
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("condition", at.scalar("service_started"));
        entries.put("required", at.scalar(true));
        return at.with(entries);
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
}
