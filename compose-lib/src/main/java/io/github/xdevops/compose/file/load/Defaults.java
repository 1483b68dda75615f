package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.DependsOn;
import io.github.xdevops.compose.file.schema.Resource;
import io.github.xdevops.compose.file.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds implicit values: networks, dependencies, the Dockerfile. */
final class Defaults {

    private static final List<String> NAMESPACES = List.of("network_mode", "ipc", "pid", "uts", "cgroup");
    /** The keys by which a service depends on others, beside {@code depends_on}. */
    static final List<String> REFERENCES = Stream.concat(Stream.of("links", "volumes_from"), NAMESPACES.stream())
            .toList();

    private final Project project;
    private boolean usesDefault;

    private Defaults(Project project) {
        this.project = project;
    }

    static Node of(Node document, Project project) {
        Defaults normal = new Defaults(project);
        Node out = Loader.withServices(document, normal::service);
        for (String section : List.of("networks", "volumes", "configs", "secrets")) {
            out = external(out, section);
        }
        if (!normal.usesDefault
                || !out.entries("networks").getOrDefault("default", out).equals(out)) {
            return out;
        }
        Node networks = out.get("networks");
        Map<String, Node> all = new LinkedHashMap<>(out.entries("networks"));
        all.put("default", Node.of(null, out.mark()));
        return out.put("networks", (networks == null ? Node.of(null, out.mark()) : networks).with(all));
    }

    /** The name of an external resource is its key, unless a name is set. */
    private static Node external(Node document, String section) {
        Node all = document.get(section);
        if (all == null || !all.isMap()) {
            return document;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        all.map().forEach((name, node) -> {
            boolean unnamed = node.isMap() && node.get("name") == null && Resource.isExternal(node);
            out.put(name, unnamed ? node.put("name", node.scalar(name)) : node);
        });
        return document.put(section, all.with(out));
    }

    private Node service(Node service) {
        Node out = networks(service);
        if ("if_not_present".equals(out.string("pull_policy"))) {
            out = out.put("pull_policy", out.scalar("missing"));
        }
        Node build = out.get("build");
        if (build != null && build.isMap()) {
            out = out.put("build", build(build));
        }
        out = Inheritance.environment(out, project.variables());
        return dependencies(out);
    }

    private Node networks(Node service) {
        if (service.get("network_mode") != null || service.get("provider") != null) {
            return service;
        }
        Map<String, Node> networks = service.entries("networks");
        if (networks.isEmpty()) {
            usesDefault = true;
            return service.put("networks", service.scalar(Map.of("default", service.scalar(null))));
        }
        usesDefault |= networks.containsKey("default");
        return service;
    }

    private Node build(Node build) {
        boolean silent = build.get("dockerfile") == null && build.get("dockerfile_inline") == null;
        Node out = silent ? build.put("dockerfile", build.scalar("Dockerfile")) : build;
        Node args = out.get("args");
        return args == null ? out : out.put("args", Inheritance.resolve(args, project.variables(), false));
    }

    private static Node dependencies(Node service) {
        Map<String, Node> all = new LinkedHashMap<>(service.entries("depends_on"));
        for (Node link : service.items("links")) {
            String[] parts = link.text().split(":", -1);
            all.putIfAbsent(parts.length == 2 ? parts[0] : link.text(), implied(link, true));
        }
        for (String namespace : NAMESPACES) {
            Node reference = service.get(namespace);
            if (reference != null && reference.text().startsWith("service:")) {
                all.putIfAbsent(reference.text().substring("service:".length()), implied(reference, true));
            }
        }
        for (Node volumes : service.items("volumes_from")) {
            if (!volumes.text().startsWith("container:")) {
                all.putIfAbsent(volumes.text().split(":", -1)[0], implied(volumes, false));
            }
        }
        return all.isEmpty() ? service : service.put("depends_on", service.scalar(all));
    }

    private static Node implied(Node at, boolean restart) {
        Node started = DependsOn.started(at);
        return restart ? started.put("restart", at.scalar(true)) : started;
    }
}
