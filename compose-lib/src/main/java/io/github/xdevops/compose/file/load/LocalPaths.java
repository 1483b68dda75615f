package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes relative file names absolute, based on the directory of their document. */
final class LocalPaths {

    private static final List<String> REMOTE =
            List.of("https://", "http://", "git://", "ssh://", "github.com/", "git@");

    private LocalPaths() {}

    static Node document(Node document, String directory) {
        Node out = document;
        out = each(out, "services", (node, path) -> node.isMap() ? service(node, directory, path) : node);
        out = each(out, "configs", (node, path) -> at(node, "file", n -> file(n, directory)));
        out = each(out, "secrets", (node, path) -> at(node, "file", n -> file(n, directory)));
        return each(out, "volumes", (node, path) -> volume(node, directory));
    }

    private interface Step {
        Node apply(Node node, KeyPath path);
    }

    private static Node each(Node document, String section, Step step) {
        Node all = document.get(section);
        if (all == null || !all.isMap()) {
            return document;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        all.map()
                .forEach((name, node) ->
                        out.put(name, step.apply(node, KeyPath.ROOT.key(section).key(name))));
        return document.put(section, all.with(out));
    }

    /** Makes the file names of one service absolute. */
    static Node service(Node service, String directory, KeyPath path) {
        Node out = at(service, "build", build -> build(build, directory));
        out = at(out, "env_file", files -> items(files, file -> at(file, "path", n -> file(n, directory))));
        out = at(out, "label_file", files -> items(files, file -> file(file, directory)));
        out = at(
                out,
                "develop",
                develop -> at(develop, "watch", all -> items(all, one -> at(one, "path", n -> file(n, directory)))));
        return at(out, "volumes", all -> mounts(all, directory, path.key("volumes")));
    }

    private static Node mounts(Node all, String directory, KeyPath path) {
        if (!all.isList()) {
            return all;
        }
        List<Node> out = new ArrayList<>();
        for (Node mount : all.list()) {
            if ("bind".equals(mount.string("type"))) {
                if (mount.string("source") == null) {
                    throw ComposeFileException.at(
                            mount, path.item(out.size()), "the key `source` is missing; a bind mount needs it");
                }
                out.add(at(
                        mount,
                        "source",
                        source -> MountedFiles.isSource(source.text()) ? source : file(source, directory)));
            } else {
                out.add(mount);
            }
        }
        return all.with(out);
    }

    private static Node build(Node build, String directory) {
        Node out = at(build, "context", context -> context(context, directory));
        out = at(out, "ssh", keys -> entries(keys, key -> file(key, directory)));
        return at(out, "additional_contexts", all -> entries(all, one -> context(one, directory)));
    }

    private static Node volume(Node volume, String directory) {
        Node options = volume.get("driver_opts");
        boolean local = "local".equals(volume.string("driver"));
        boolean bind = local && options != null && "bind".equals(options.string("o"));
        return bind ? at(volume, "driver_opts", o -> at(o, "device", device -> file(device, directory))) : volume;
    }

    private static Node context(Node context, String directory) {
        String text = context.text();
        boolean remote = text.contains("://")
                || text.startsWith("service:")
                || REMOTE.stream().anyMatch(text::startsWith);
        return remote || !context.isText() ? context : file(context, directory);
    }

    private static Node file(Node node, String directory) {
        return !node.isText() || node.text().isEmpty() || Paths.isWindowsAbsolute(node.text())
                ? node
                : node.with(Paths.absolute(directory, node.text()));
    }

    private static Node at(Node node, String key, UnaryOperator<Node> step) {
        Node child = node.get(key);
        return child == null ? node : node.put(key, step.apply(child));
    }

    private static Node items(Node node, UnaryOperator<Node> step) {
        return node.isList() ? node.with(node.list().stream().map(step).toList()) : node;
    }

    private static Node entries(Node node, UnaryOperator<Node> step) {
        if (!node.isMap()) {
            return node;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        node.map().forEach((name, child) -> out.put(name, step.apply(child)));
        return node.with(out);
    }
}
