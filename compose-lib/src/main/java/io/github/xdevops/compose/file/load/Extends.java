package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Merging;
import io.github.xdevops.compose.file.schema.ServiceSchema;
import io.github.xdevops.compose.file.schema.Shape;
import io.github.xdevops.compose.file.schema.Suggestion;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Node.How;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays each service over the one that it extends, in the same file or another. */
final class Extends {

    private static final KeyPath SERVICES = KeyPath.ROOT.key("services");

    private final Loader loader;
    private final Variables variables;

    /** Services as one file has them, and where the names in them start from. */
    private record Origin(String file, String directory, Map<String, Node> services) {}

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
        Origin origin = new Origin(file, directory, all);
        Map<String, Node> out = new LinkedHashMap<>();
        for (Map.Entry<String, Node> entry : all.entrySet()) {
            out.put(entry.getKey(), resolve(entry.getKey(), entry.getValue(), origin, List.of()));
        }
        return document.put("services", services.with(out));
    }

    private static Map<String, Node> servicesOf(Node document, Mark asked) {
        Node services = document.get("services");
        if (services == null || !services.isMap()) {
            throw ComposeFileException.at(services == null ? asked : services.mark(), SERVICES, "must be a mapping");
        }
        return services.map();
    }

    private Node resolve(String name, Node service, Origin origin, List<String> seen) {
        KeyPath path = SERVICES.key(name);
        if (service.isNull() || service.how() == How.RESET) {
            return service;
        }
        if (!service.isMap()) {
            throw ComposeFileException.at(service, path, "must be a mapping, but this is " + Shape.kind(service));
        }
        Node wish = service.get("extends");
        if (wish == null || wish.how() == How.RESET) {
            return service;
        }
        ServiceSchema.SERVICE.shapeOf("extends").check(wish, path.key("extends"), loader.warnings());
        String other = wish.isText() ? wish.text() : String.valueOf(wish.string("service"));
        String file = wish.string("file");
        Origin base = file == null ? origin : load(wish, path, Paths.absolute(origin.directory, file));
        Node below = base.services.get(other);
        if (below == null) {
            throw ComposeFileException.at(
                    wish,
                    path.key("extends"),
                    "there is no service `" + other + "` in " + loader.disk().shown(base.file)
                            + Suggestion.of(other, base.services.keySet()));
        }
        List<String> now = cycle(seen, origin.file + "\0" + name, wish, path);
        Node resolved = resolve(other, below, base, now);
        Node own = service.put("extends", null);
        return resolved.isMap()
                ? ServiceSchema.SERVICE
                        .merge(Merging.settled(resolved), own, path)
                        .withKey(service.key())
                : own;
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
        return new Origin(file, directory, out);
    }

    private static List<String> cycle(List<String> seen, String name, @Nullable Node wish, KeyPath path) {
        if (seen.contains(name) && wish != null) {
            List<String> names = new ArrayList<>();
            seen.forEach(step -> names.add(step.substring(step.indexOf('\0') + 1)));
            throw ComposeFileException.at(
                    wish,
                    path.key("extends"),
                    "a circle: " + String.join(" extends ", names) + " extends " + names.get(0));
        }
        List<String> now = new ArrayList<>(seen);
        now.add(name);
        return now;
    }
}
