package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Removes names without a value. Compose would take a value from its own environment, which differs on the server. */
public final class UnsetVariables {
    private final Warnings warnings;

    public UnsetVariables(Warnings warnings) {
        this.warnings = warnings;
    }

    public Node dropped(Node document) {
        Map<String, Node> services = new LinkedHashMap<>();
        document.entries("services")
                .forEach((name, service) -> services.put(
                        name, service(service, KeyPath.ROOT.key("services").key(name))));
        Node old = document.get("services");
        return old == null ? document : document.put("services", old.with(services));
    }

    private Node service(Node service, KeyPath path) {
        Node out = environment(service, path);
        for (String hooks : List.of("post_start", "pre_stop")) {
            Node all = out.get(hooks);
            if (all != null) {
                List<Node> changed = new ArrayList<>();
                out.items(hooks)
                        .forEach(hook ->
                                changed.add(environment(hook, path.key(hooks).item(changed.size()))));
                out = out.put(hooks, all.with(changed));
            }
        }
        return out;
    }

    private Node environment(Node owner, KeyPath path) {
        Node environment = owner.get("environment");
        if (environment == null || !environment.isMap()) {
            return owner;
        }
        Map<String, Node> set = new LinkedHashMap<>();
        environment.map().forEach((name, value) -> {
            if (value.isNull()) {
                warnings.add(
                        value.keyMark(),
                        path.key("environment"),
                        "the variable " + name + " has no value and is left out; compose.env." + name
                                + " would give it one");
            } else {
                set.put(name, value);
            }
        });
        return owner.put("environment", set.isEmpty() ? null : environment.with(set));
    }
}
