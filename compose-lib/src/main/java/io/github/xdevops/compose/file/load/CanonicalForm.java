package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Schema;
import io.github.xdevops.compose.file.tree.Budget;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Converts the merged document to the canonical tree: the output of {@code docker compose config}. */
public final class CanonicalForm {

    private CanonicalForm() {}

    public static Node of(Node document, Project project) {
        Node whole = Schema.FILE.finish(Defaults.of(document, project), KeyPath.ROOT);
        Node tree = whole == null ? document : whole;
        Map<String, Node> enabled = new LinkedHashMap<>();
        Map<String, Node> disabled = new LinkedHashMap<>();
        tree.entries("services").forEach((name, service) -> {
            (project.enables(service) ? enabled : disabled).put(name, service);
        });
        Consistency.check(tree, enabled, disabled);
        enabled.replaceAll((name, service) -> scaled(waiting(service, enabled)));
        Map<String, Node> services = new LinkedHashMap<>();
        Budget budget = new Budget();
        enabled.forEach((name, service) -> {
            KeyPath path = KeyPath.ROOT.key("services").key(name);
            Node inlined = WordFiles.inlined(service, path, project);
            budget.values(inlined.entries("environment").size(), service.keyMark(), path);
            services.put(name, inlined);
        });
        Node old = tree.get("services");
        return used(tree.put("services", (old == null ? Node.of(null, tree.mark()) : old).with(services)), services);
    }

    /** Removes services that profiles disable, and dependencies on them. */
    public static Node enabled(Node document, Project project) {
        Node all = document.get("services");
        Map<String, Node> enabled = new LinkedHashMap<>();
        document.entries("services").forEach((name, service) -> {
            if (project.enables(service)) {
                enabled.put(name, service);
            }
        });
        if (all == null || enabled.size() == document.entries("services").size()) {
            return document;
        }
        Map<String, Node> services = new LinkedHashMap<>();
        enabled.forEach((name, service) -> services.put(name, waiting(service, enabled)));
        return document.put("services", all.with(services));
    }

    /** Removes dependencies on services that profiles disable; a reader of the result cannot know them. */
    private static Node waiting(Node service, Map<String, Node> enabled) {
        Map<String, Node> wishes = new LinkedHashMap<>(service.entries("depends_on"));
        Node all = service.get("depends_on");
        if (all == null || !wishes.keySet().retainAll(enabled.keySet())) {
            return service;
        }
        return service.put("depends_on", wishes.isEmpty() ? null : all.with(wishes));
    }

    /** Copies {@code scale} to {@code deploy}, as Compose does. */
    private static Node scaled(Node service) {
        Node scale = service.get("scale");
        Node deploy = service.get("deploy");
        return scale == null || deploy == null ? service : service.put("deploy", deploy.put("replicas", scale));
    }

    /** Removes volumes, networks, configs and secrets that no service uses. */
    private static Node used(Node tree, Map<String, Node> services) {
        Node out = tree;
        out = keep(out, "networks", names(services, "networks"));
        out = keep(out, "volumes", volumes(services));
        out = keep(out, "configs", names(services, "configs"));
        Set<String> secrets = names(services, "secrets");
        services.values().forEach(service -> {
            Node build = service.get("build");
            if (build != null) {
                build.items("secrets").forEach(secret -> secrets.add(String.valueOf(secret.string("source"))));
            }
        });
        return keep(out, "secrets", secrets);
    }

    private static Node keep(Node tree, String section, Set<String> names) {
        Node all = tree.get(section);
        if (all == null) {
            return tree;
        }
        Map<String, Node> kept = new LinkedHashMap<>();
        tree.entries(section).forEach((name, node) -> {
            if (names.contains(name)) {
                kept.put(name, node);
            }
        });
        return tree.put(section, kept.isEmpty() ? null : all.with(kept));
    }

    private static Set<String> names(Map<String, Node> services, String key) {
        Set<String> names = new HashSet<>();
        services.values().forEach(service -> {
            names.addAll(service.entries(key).keySet());
            service.items(key).forEach(item -> names.add(String.valueOf(item.string("source"))));
        });
        return names;
    }

    private static Set<String> volumes(Map<String, Node> services) {
        Set<String> names = new HashSet<>();
        services.values()
                .forEach(service -> service.items("volumes").forEach(mount -> {
                    if ("volume".equals(mount.string("type"))) {
                        names.add(String.valueOf(mount.string("source")));
                    }
                }));
        return names;
    }
}
