package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Merging;
import io.github.xdevops.compose.file.schema.ServiceSchema;
import io.github.xdevops.compose.file.schema.Shape;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Node.How;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.variables.Variables;
import io.github.xdevops.compose.text.Suggestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges each service over the one that it extends, in the same file or another. */
final class Extends {

    private static final KeyPath SERVICES = KeyPath.ROOT.key("services");

    private final Loader loader;
    private final Variables variables;

    /**
     * The services of one file, and the directory for their relative paths.
     *
     * @param done the services that are resolved; many services may extend one
     */
    private record Origin(String file, String directory, Map<String, Node> services, Map<String, Node> done) {}

    private record Step(String name, Origin origin) {
        String id() {
            return origin.file + "\0" + name;
        }

        @Nullable
        Node done() {
            return origin.done.get(name);
        }

        KeyPath path() {
            return SERVICES.key(name);
        }

        Node service() {
            return Objects.requireNonNull(origin.services.get(name));
        }
    }

    private final Map<String, Origin> files = new HashMap<>();

    Extends(Loader loader, Variables variables) {
        this.loader = loader;
        this.variables = variables;
    }

    Node apply(Node document, String file, String directory) {
        Node services = document.get("services");
        if (services == null) {
            return document;
        }
        Map<String, Node> all = servicesOf(document, services.mark());
        Origin origin = new Origin(file, directory, all, new HashMap<>());
        Map<String, Node> out = new LinkedHashMap<>();
        all.keySet().forEach(name -> out.put(name, resolve(name, origin)));
        return document.put("services", services.with(out));
    }

    private static Map<String, Node> servicesOf(Node document, Mark asked) {
        Node services = document.get("services");
        if (services == null || !services.isMap()) {
            throw ComposeFileException.at(services == null ? asked : services.mark(), SERVICES, "must be a mapping");
        }
        return services.map();
    }

    /** Follows the chain to a service that extends no other, then merges on the way back. The chain may be long. */
    private Node resolve(String first, Origin start) {
        Deque<Step> steps = new ArrayDeque<>();
        Set<String> seen = new LinkedHashSet<>();
        Step step = new Step(first, start);
        Node resolved = step.done();
        while (resolved == null) {
            Node service = step.service();
            Node wish = wish(service, step.path());
            if (wish == null) {
                resolved = service;
            } else {
                if (!seen.add(step.id())) {
                    throw circle(seen, wish, step.path());
                }
                steps.push(step);
                step = next(step, wish);
                resolved = step.done();
            }
        }
        while (!steps.isEmpty()) {
            step = steps.pop();
            resolved = merged(step, resolved);
            step.origin.done.put(step.name, resolved);
        }
        return resolved;
    }

    private static @Nullable Node wish(Node service, KeyPath path) {
        if (service.isNull() || service.how() == How.RESET) {
            return null;
        }
        if (!service.isMap()) {
            throw ComposeFileException.at(service, path, "must be a mapping, but this is " + Shape.kind(service));
        }
        Node wish = service.get("extends");
        return wish == null || wish.how() == How.RESET ? null : wish;
    }

    private Step next(Step step, Node wish) {
        KeyPath path = step.path();
        ServiceSchema.SERVICE.shapeOf("extends").check(wish, path.key("extends"), loader.warnings());
        String other = wish.isText() ? wish.text() : String.valueOf(wish.string("service"));
        String file = wish.string("file");
        Origin base = file == null
                ? step.origin
                : files.computeIfAbsent(
                        Paths.absolute(step.origin.directory, file), absolute -> load(wish, path, absolute));
        if (!base.services.containsKey(other)) {
            throw ComposeFileException.at(
                    wish,
                    path.key("extends"),
                    "there is no service `" + other + "` in " + loader.disk().shown(base.file)
                            + Suggestion.of(other, base.services.keySet()));
        }
        return new Step(other, base);
    }

    private Node merged(Step step, Node below) {
        Node service = step.service();
        Node own = service.put("extends", null);
        if (!below.isMap()) {
            return own;
        }
        Node merged = ServiceSchema.SERVICE
                .merge(Merging.settled(below), own, step.path())
                .withKey(service.key());
        loader.budget().values(merged.size(), service.mark(), step.path());
        return merged;
    }

    private Origin load(Node wish, KeyPath path, String file) {
        String directory = ProjectReader.parent(file);
        Node document = Merging.settled(loader.read(file, variables, wish.mark(), path.key("extends")));
        Map<String, Node> services = servicesOf(document, wish.mark());
        Map<String, Node> out = new LinkedHashMap<>();
        services.forEach((name, service) -> {
            KeyPath at = SERVICES.key(name);
            out.put(
                    name,
                    service.isMap()
                            ? LocalPaths.service(ServiceSchema.SERVICE.canonical(service, at), directory, at)
                            : service);
        });
        return new Origin(file, directory, out, new HashMap<>());
    }

    private static ComposeFileException circle(Set<String> seen, Node wish, KeyPath path) {
        List<String> names = new ArrayList<>();
        seen.forEach(step -> names.add(step.substring(step.indexOf('\0') + 1)));
        return ComposeFileException.at(
                wish, path.key("extends"), "a circle: " + String.join(" extends ", names) + " extends " + names.get(0));
    }
}
