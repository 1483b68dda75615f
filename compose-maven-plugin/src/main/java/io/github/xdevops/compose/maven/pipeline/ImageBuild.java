package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An image that a pipeline builds before it deploys.
 *
 * @param service the service that runs it
 * @param files the compose files that define the build; empty for the Dockerfile of the project's directory
 */
public record ImageBuild(String service, List<String> files) {
    private static final List<String> DEFAULTS =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

    /**
     * Finds the builds of a project: each service with {@code build}. Without one, a Dockerfile belongs to the only service, or
     * to the only one whose image name is a variable.
     *
     * @param given the compose files as they were set; empty for the one that Compose would find
     */
    public static List<ImageBuild> of(Path directory, List<String> given) {
        var files = given.isEmpty()
                ? DEFAULTS.stream()
                        .filter(name -> Files.exists(directory.resolve(name)))
                        .limit(1)
                        .toList()
                : given;
        var built = new LinkedHashSet<String>();
        var others = new LinkedHashSet<String>();
        var variable = new LinkedHashSet<String>();
        for (var file : files) {
            services(directory.resolve(file)).forEach((name, definition) -> {
                if (definition instanceof Map<?, ?> service) {
                    (service.get("build") == null ? others : built).add(String.valueOf(name));
                    if (String.valueOf(service.get("image")).contains("$")) {
                        variable.add(String.valueOf(name));
                    }
                }
            });
        }
        if (!built.isEmpty()) {
            return built.stream().map(service -> new ImageBuild(service, files)).toList();
        }
        var candidates = others.size() == 1 ? others : variable;
        return candidates.size() == 1 && Files.exists(directory.resolve("Dockerfile"))
                ? List.of(new ImageBuild(candidates.iterator().next(), List.of()))
                : List.of();
    }

    private static Map<?, ?> services(Path file) {
        try {
            return ComposeFile.parse(Files.readString(file), file.toString())
                                    .tree()
                                    .get("services")
                            instanceof Map<?, ?> services
                    ? services
                    : Map.of();
        } catch (IOException | ComposeFileException e) {
            return Map.of(); // the deploy will say what is wrong with it
        }
    }

    /** The image's name: in GitLab's registry, or on the machine that deploys. */
    String image(PipelineKind kind) {
        return kind == PipelineKind.GITLAB ? "$CI_REGISTRY_IMAGE/" + service + ":$CI_COMMIT_SHA" : "review-" + service;
    }

    /** The shell commands that build it, and push it if there is a registry. */
    List<String> commands(PipelineKind kind) {
        var push = kind == PipelineKind.GITLAB ? " --push" : "";
        if (files.isEmpty()) {
            return List.of("docker build" + push + " -t \"" + image(kind) + "\" .");
        }
        var lines = new ArrayList<String>();
        // This image is deployed, regardless of the name in the compose file.
        lines.add("echo \"{services: {" + service + ": {image: '" + image(kind) + "'}}}\" >.review.yaml");
        lines.add("docker compose -f "
                + files.stream().map(ImageBuild::quoted).collect(Collectors.joining(" -f "))
                + " -f .review.yaml build" + push + " " + service);
        return lines;
    }

    private static String quoted(String file) {
        return file.matches("[\\w@%+=:,./-]+") ? file : "\"" + file + "\"";
    }
}
