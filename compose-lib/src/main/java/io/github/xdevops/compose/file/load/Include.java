package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Schema;
import io.github.xdevops.compose.file.schema.Shape;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.variables.DotEnv;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Loads included compose files, each with its own directory and variables. */
final class Include {

    /** Git and OCI resources, which Compose would fetch. */
    private static final Pattern REMOTE =
            Pattern.compile("(https?|git|ssh|oci)://|git@|github\\.com/", Pattern.CASE_INSENSITIVE);

    private static final KeyPath INCLUDE = KeyPath.ROOT.key("include");
    private static final int MAX_DEPTH = 30;

    private final Loader loader;

    Include(Loader loader) {
        this.loader = loader;
    }

    Node apply(Node document, String directory, Variables variables, List<String> chain) {
        Node wishes = document.get("include");
        if (wishes == null || wishes.isNull()) {
            return wishes == null ? document : document.put("include", null);
        }
        if (!wishes.isList()) {
            throw ComposeFileException.at(wishes, INCLUDE, "must be a list, but this is " + Shape.kind(wishes));
        }
        Node out = document;
        int index = 0;
        for (Node wish : wishes.list()) {
            KeyPath path = INCLUDE.item(index++);
            Schema.INCLUDE.check(wish, path, loader.warnings());
            out = imported(out, one(Schema.INCLUDE.canonical(wish, path), path, directory, variables, chain));
        }
        return out.put("include", null);
    }

    private Node one(Node wish, KeyPath path, String directory, Variables variables, List<String> chain) {
        List<String> files = new ArrayList<>();
        wish.items("path").forEach(file -> {
            if (REMOTE.matcher(file.text()).lookingAt()) {
                throw ComposeFileException.at(
                        wish,
                        path,
                        file.text()
                                + " is not a file of the project, and nothing is fetched from elsewhere; check it out"
                                + " next to this file and include that");
            }
            files.add(Paths.absolute(directory, file.text()));
        });
        if (files.isEmpty()) {
            throw ComposeFileException.at(wish, path, "the key `path` is missing");
        }
        if (chain.contains(files.get(0)) || chain.size() > MAX_DEPTH) {
            List<String> names = new ArrayList<>();
            chain.forEach(file -> names.add(loader.disk().shown(file)));
            names.add(loader.disk().shown(files.get(0)));
            throw ComposeFileException.at(wish, path, "a circle: " + String.join(" includes ", names));
        }
        for (String file : files) {
            loader.disk().bytes(file, wish.mark(), path);
        }
        String given = wish.string("project_directory");
        String home = given == null || given.isEmpty()
                ? ProjectReader.parent(files.get(0))
                : Paths.absolute(directory, given);
        Variables own = variables.or(Variables.of(variables(wish, path, directory, home, variables)));
        return loader.load(files, home, own, chain);
    }

    private Map<String, String> variables(Node wish, KeyPath path, String directory, String home, Variables outside) {
        List<String> files = new ArrayList<>();
        wish.items("env_file").forEach(file -> files.add(Paths.absolute(directory, file.text())));
        if (files.isEmpty() && loader.disk().isFile(home + "/.env")) {
            files.add(home + "/.env");
        }
        Map<String, String> out = new LinkedHashMap<>();
        for (String file : files) {
            byte[] bytes = loader.disk().bytes(file, wish.mark(), path);
            Variables earlier = Variables.of(Map.copyOf(out));
            out.putAll(DotEnv.parse(bytes, loader.disk().shown(file), outside, earlier));
        }
        return out;
    }

    private static Node imported(Node document, Node other) {
        Node out = document;
        for (String section : List.of("services", "volumes", "networks", "secrets", "configs", "models")) {
            Node from = other.get(section);
            if (from == null || !from.isMap()) {
                continue;
            }
            Node to = out.get(section);
            Map<String, Node> all = new LinkedHashMap<>(to == null || !to.isMap() ? Map.of() : to.map());
            from.map().forEach((name, node) -> {
                Node own = all.get(name);
                all.put(name, own == null ? node : own.same(node) ? own : over(section, name, node, own));
            });
            out = out.put(section, (to == null ? from : to).with(all));
        }
        return out;
    }

    /** Merges the including file's definition over the included one. */
    private static Node over(String section, String name, Node included, Node own) {
        Node merged = Schema.FILE.merge(only(section, name, included), only(section, name, own), KeyPath.ROOT);
        return Objects.requireNonNullElse(merged.entries(section).get(name), own);
    }

    private static Node only(String section, String name, Node node) {
        return node.scalar(Map.of(section, node.scalar(Map.of(name, node))));
    }
}
