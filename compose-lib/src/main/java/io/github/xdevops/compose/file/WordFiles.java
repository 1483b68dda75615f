package io.github.xdevops.compose.file;

import java.util.LinkedHashMap;
import java.util.Map;

/** Brings the words of {@code env_file} and {@code label_file} into the service; the service's own words win. */
final class WordFiles {

    private WordFiles() {}

    static Node inlined(Node service, Path path, Project project) {
        Node out = environment(service, path, project);
        return labels(out, path, project);
    }

    private static Node environment(Node service, Path path, Project project) {
        Node files = service.get("env_file");
        if (files == null) {
            return service;
        }
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Node> all = new LinkedHashMap<>();
        int index = 0;
        for (Node file : files.list()) {
            Path at = path.key("env_file").item(index++);
            String name = String.valueOf(file.string("path"));
            if (file.string("format") != null) {
                throw ComposeFileException.at(file, at, "unknown format \"" + file.string("format") + "\"");
            }
            if (!file.isTrue("required") && !project.disk().exists(name)) {
                continue;
            }
            Variables known = Variables.of(words).or(project.variables());
            read(name, file, at, project, known).forEach((word, value) -> {
                words.put(word, value);
                all.put(word, file.scalar(value));
            });
        }
        return with(service, "environment", all).put("env_file", null);
    }

    private static Node labels(Node service, Path path, Project project) {
        Node files = service.get("label_file");
        if (files == null) {
            return service;
        }
        Map<String, String> words = new LinkedHashMap<>();
        Map<String, Node> all = new LinkedHashMap<>();
        int index = 0;
        for (Node file : files.list()) {
            Path at = path.key("label_file").item(index++);
            read(file.text(), file, at, project, Variables.of(words)).forEach((word, value) -> {
                words.put(word, value);
                all.put(word, file.scalar(value));
            });
        }
        return with(service, "labels", all).put("label_file", null);
    }

    private static Map<String, String> read(String name, Node asked, Path path, Project project, Variables known) {
        byte[] bytes = project.disk().bytes(name, asked.mark(), path);
        return DotEnv.parse(bytes, project.disk().shown(name), known);
    }

    private static Node with(Node service, String key, Map<String, Node> below) {
        Node own = service.get(key);
        Map<String, Node> all = new LinkedHashMap<>(below);
        all.putAll(service.entries(key));
        return all.isEmpty() ? service : service.put(key, (own == null ? service.scalar(null) : own).with(all));
    }
}
