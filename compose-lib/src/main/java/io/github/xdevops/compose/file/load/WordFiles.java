package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.variables.DotEnv;
import io.github.xdevops.compose.file.variables.RawEnv;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds the variables of {@code env_file} and {@code label_file} to the service. The service's own values win. */
public final class WordFiles {

    private WordFiles() {}

    public static Node inlined(Node service, KeyPath path, Project project) {
        Node out = environment(service, path, project);
        return labels(out, path, project);
    }

    private static Node environment(Node service, KeyPath path, Project project) {
        Node files = service.get("env_file");
        if (files == null) {
            return service;
        }
        Map<String, Node> own = service.entries("environment");
        Variables outside = project.variables().or(name -> {
            Node word = own.get(name);
            return word == null || !word.isText() ? null : word.text();
        });
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Node> all = new LinkedHashMap<>();
        int index = 0;
        for (Node file : files.list()) {
            KeyPath at = path.key("env_file").item(index++);
            String name = String.valueOf(file.string("path"));
            String format = file.string("format");
            if (format != null && !format.isEmpty() && !format.equals("raw")) {
                throw ComposeFileException.at(
                        file, at, "unknown format \"" + format + "\"; leave it out, or use `raw`");
            }
            if (!file.isTrue("required") && !project.disk().exists(name)) {
                continue;
            }
            Variables earlier = Variables.of(Map.copyOf(words));
            byte[] bytes = project.disk().bytes(name, file.mark(), at);
            String shown = project.disk().shown(name);
            Map<String, String> read = "raw".equals(format)
                    ? RawEnv.parse(bytes, shown, outside)
                    : DotEnv.parse(bytes, shown, outside, earlier);
            read.forEach((word, value) -> {
                words.put(word, value);
                all.put(word, file.scalar(value));
            });
        }
        return with(service, "environment", all).put("env_file", null);
    }

    private static Node labels(Node service, KeyPath path, Project project) {
        Node files = service.get("label_file");
        if (files == null) {
            return service;
        }
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Node> all = new LinkedHashMap<>();
        int index = 0;
        for (Node file : files.list()) {
            KeyPath at = path.key("label_file").item(index++);
            byte[] bytes = project.disk().bytes(file.text(), file.mark(), at);
            DotEnv.parse(bytes, project.disk().shown(file.text()), Variables.of(words))
                    .forEach((word, value) -> {
                        words.put(word, value);
                        all.put(word, file.scalar(value));
                    });
        }
        return with(service, "labels", all).put("label_file", null);
    }

    private static Node with(Node service, String key, Map<String, Node> below) {
        Node own = service.get(key);
        Map<String, Node> all = new LinkedHashMap<>(below);
        all.putAll(service.entries(key));
        return all.isEmpty() ? service : service.put(key, (own == null ? service.scalar(null) : own).with(all));
    }
}
