package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the relations between the parts of a project, as Compose does. Only enabled services are checked. */
final class Consistency {

    private final Node tree;
    private final Map<String, Node> enabled;
    private final Map<String, Node> disabled;

    private Consistency(Node tree, Map<String, Node> enabled, Map<String, Node> disabled) {
        this.tree = tree;
        this.enabled = enabled;
        this.disabled = disabled;
    }

    static void check(Node tree, Map<String, Node> enabled, Map<String, Node> disabled) {
        Consistency rules = new Consistency(tree, enabled, disabled);
        enabled.forEach((name, service) ->
                rules.service(service, KeyPath.ROOT.key("services").key(name)));
        ResourceRules.checkSecrets(tree);
        Cycles.check(enabled);
    }

    private void service(Node service, KeyPath path) {
        if (service.get("image") == null && service.get("build") == null && service.get("provider") == null) {
            throw ComposeFileException.at(service.keyMark(), path, "needs an `image` or a `build`");
        }
        Node build = service.get("build");
        if (build != null) {
            build(service, build, path.key("build"));
        }
        networks(service, path);
        dependencies(service, path);
        references(service, path);
        models(service, path);
        targets(service, path);
        limits(service, path);
        watches(service, path);
    }

    private void build(Node service, Node build, KeyPath path) {
        if (build.get("dockerfile") != null && build.get("dockerfile_inline") != null) {
            throw ComposeFileException.at(build, path, "`dockerfile` and `dockerfile_inline` exclude each other");
        }
        String platform = service.string("platform");
        List<Node> platforms = build.items("platforms");
        if (platform != null
                && !platforms.isEmpty()
                && platforms.stream().noneMatch(p -> p.text().equals(platform))) {
            throw ComposeFileException.at(build, path.key("platforms"), "must contain the platform " + platform);
        }
        build.entries("additional_contexts").forEach((name, context) -> {
            if (context.text().startsWith("service:")) {
                String other = context.text().substring("service:".length());
                KeyPath place = path.key("additional_contexts").key(name);
                if (!enabled.containsKey(other)) {
                    throw ComposeFileException.at(context, place, missing(other));
                }
                if (enabled.get(other).get("build") == null) {
                    throw ComposeFileException.at(context, place, "the service `" + other + "` is not built");
                }
            }
        });
        for (Node secret : build.items("secrets")) {
            defined("secrets", secret, path.key("secrets"));
        }
    }

    private void networks(Node service, KeyPath path) {
        Node mode = service.get("network_mode");
        if (mode != null && !service.entries("networks").isEmpty()) {
            throw ComposeFileException.at(mode, path, "`network_mode` and `networks` exclude each other");
        }
        service.entries("networks").forEach((name, node) -> {
            if (!tree.entries("networks").containsKey(name)) {
                throw ComposeFileException.at(
                        node.keyMark(),
                        path.key("networks"),
                        "there is no network `" + name + "`"
                                + Suggestion.of(name, tree.entries("networks").keySet()));
            }
        });
    }

    private void dependencies(Node service, KeyPath path) {
        service.entries("depends_on").forEach((name, wish) -> {
            boolean optional = disabled.containsKey(name) && !wish.isTrue("required");
            if (!enabled.containsKey(name) && !optional) {
                throw ComposeFileException.at(wish.keyMark(), wishing(service, wish, path), missing(name));
            }
        });
    }

    /** The key that makes a service depend on another: Compose takes references of several keys for dependencies. */
    private static KeyPath wishing(Node service, Node wish, KeyPath path) {
        for (String key : Defaults.REFERENCES) {
            List<Node> items = service.items(key);
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).mark().equals(wish.mark())) {
                    return path.key(key).item(i);
                }
            }
            Node value = service.get(key);
            if (value != null && value.mark().equals(wish.mark())) {
                return path.key(key);
            }
        }
        return path.key("depends_on");
    }

    private String missing(String name) {
        Node off = disabled.get(name);
        if (off == null) {
            return "there is no service `" + name + "`" + Suggestion.of(name, enabled.keySet());
        }
        String profiles = off.items("profiles").stream().map(Node::text).collect(Collectors.joining(", "));
        return "the service `" + name + "` is disabled by its profiles; enable one with compose.profiles: " + profiles;
    }

    private void references(Node service, KeyPath path) {
        int index = 0;
        for (Node mount : service.items("volumes")) {
            Node source = mount.get("source");
            if ("volume".equals(mount.string("type")) && source != null) {
                defined("volumes", mount, path.key("volumes").item(index));
            }
            index++;
        }
        for (String section : List.of("configs", "secrets")) {
            for (Node mount : service.items(section)) {
                defined(section, mount, path.key(section));
            }
        }
    }

    /** Refuses two mounts at the same path of a container: one would hide the other. */
    private static void targets(Node service, KeyPath path) {
        Map<String, String> taken = new HashMap<>();
        int index = 0;
        for (Node tmpfs : service.items("tmpfs")) {
            target(tmpfs.text().split(":", 2)[0], tmpfs, path.key("tmpfs").item(index++), taken);
        }
        index = 0;
        for (Node mount : service.items("volumes")) {
            target(
                    String.valueOf(mount.string("target")),
                    mount,
                    path.key("volumes").item(index++),
                    taken);
        }
    }

    private static void target(String target, Node node, KeyPath path, Map<String, String> taken) {
        String other = taken.putIfAbsent(target, path.toString());
        if (other != null) {
            throw ComposeFileException.at(node, path, target + " is mounted already, by " + other);
        }
    }

    private void models(Node service, KeyPath path) {
        service.entries("models").forEach((name, node) -> {
            if (!tree.entries("models").containsKey(name)) {
                throw ComposeFileException.at(
                        node.keyMark(),
                        path.key("models"),
                        "there is no model `" + name + "`"
                                + Suggestion.of(name, tree.entries("models").keySet()));
            }
        });
    }

    private void defined(String section, Node user, KeyPath path) {
        String name = String.valueOf(user.string("source"));
        if (!tree.entries(section).containsKey(name)) {
            throw ComposeFileException.at(
                    user,
                    path,
                    "`" + name + "` is not declared under the top-level `" + section + "`"
                            + Suggestion.of(name, tree.entries(section).keySet()));
        }
    }

    private static void limits(Node service, KeyPath path) {
        Node deploy = service.get("deploy");
        Node scale = service.get("scale");
        Node replicas = deploy == null ? null : deploy.get("replicas");
        if (scale != null && replicas != null && !scale.same(replicas)) {
            throw ComposeFileException.at(scale, path, "`scale` and `deploy.replicas` differ");
        }
        Node count = scale == null ? replicas : scale;
        Node name = service.get("container_name");
        if (name != null && count != null && count.value() instanceof Long number && number > 1) {
            throw ComposeFileException.at(name, path, "`container_name` cannot name " + number + " containers");
        }
        Node resources = deploy == null ? null : deploy.get("resources");
        Node limits = resources == null ? null : resources.get("limits");
        Node reservations = resources == null ? null : resources.get("reservations");
        same(service, "cpus", limits, "cpus", path);
        same(service, "mem_limit", limits, "memory", path);
        same(service, "mem_reservation", reservations, "memory", path);
        same(service, "pids_limit", limits, "pids", path);
    }

    private static void same(Node service, String key, @Nullable Node deploy, String other, KeyPath path) {
        Node one = service.get(key);
        if (one != null && deploy != null) {
            Node two = deploy.get(other);
            if (!Objects.equals(one.value(), two == null ? null : two.value())) {
                throw ComposeFileException.at(
                        one, path.key(key), "differs from `" + other + "` under deploy.resources");
            }
        }
    }

    private static void watches(Node service, KeyPath path) {
        Node develop = service.get("develop");
        List<Node> watches = develop == null ? List.of() : develop.items("watch");
        for (Node watch : watches) {
            if (watch.get("target") == null
                    && !List.of("rebuild", "restart").contains(String.valueOf(watch.string("action")))) {
                throw ComposeFileException.at(watch, path.key("develop"), "the key `target` is missing");
            }
            if (watch.get("path") == null) {
                throw ComposeFileException.at(watch, path.key("develop"), "`path` must not be empty");
            }
        }
    }

    /** Finds a service that depends on itself. */
    private static final class Cycles {

        private final Map<String, Node> services;
        private final List<String> done = new ArrayList<>();

        private Cycles(Map<String, Node> services) {
            this.services = services;
        }

        static void check(Map<String, Node> services) {
            Cycles cycles = new Cycles(services);
            services.keySet().forEach(name -> cycles.visit(name, new ArrayList<>(List.of(name))));
        }

        private void visit(String name, List<String> trail) {
            Node service = services.get(name);
            if (service == null || done.contains(name)) {
                return;
            }
            service.entries("depends_on").forEach((other, wish) -> {
                int at = trail.indexOf(other);
                if (at >= 0) {
                    String circle = String.join(" → ", trail.subList(at, trail.size())) + " → " + other;
                    throw ComposeFileException.at(
                            wish.keyMark(),
                            KeyPath.ROOT.key("services").key(name).key("depends_on"),
                            "the services wait for each other: " + circle);
                }
                trail.add(other);
                visit(other, trail);
                trail.remove(trail.size() - 1);
            });
            done.add(name);
        }
    }
}
