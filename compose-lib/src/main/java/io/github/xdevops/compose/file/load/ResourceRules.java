package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Resource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import java.util.List;
import java.util.Map;

/** Checks volumes, configs and secrets after all files are merged. */
final class ResourceRules {

    private ResourceRules() {}

    static void check(Node document) {
        document.entries("volumes").forEach((name, volume) -> Resource.checkExternal(volume, path("volumes", name)));
        source(document.entries("configs"), "configs", List.of("file", "environment", "content"));
        source(document.entries("secrets"), "secrets", List.of("file", "environment"));
    }

    /** Refuses a secret that has only a driver, which shows only after all files are merged. */
    static void checkSecrets(Node document) {
        document.entries("secrets").forEach((name, secret) -> {
            boolean silent = secret.get("file") == null && secret.get("environment") == null;
            if (silent && !Resource.isExternal(secret)) {
                throw ComposeFileException.at(
                        secret.keyMark(), path("secrets", name), "one of file, environment is missing");
            }
        });
    }

    /** A config or secret has exactly one source, unless it is external. */
    private static void source(Map<String, Node> all, String section, List<String> sources) {
        all.forEach((name, node) -> {
            Map<String, Node> entries = node.isMap() ? node.map() : Map.of();
            List<String> said = sources.stream().filter(entries::containsKey).toList();
            if (said.size() > 1) {
                throw ComposeFileException.at(
                        node.keyMark(), path(section, name), String.join(" and ", said) + " exclude each other");
            }
            if (said.isEmpty() && !entries.containsKey("driver") && !entries.containsKey("external")) {
                throw ComposeFileException.at(
                        node.keyMark(), path(section, name), "one of " + String.join(", ", sources) + " is missing");
            }
        });
    }

    private static KeyPath path(String section, String name) {
        return KeyPath.ROOT.key(section).key(name);
    }
}
