package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.file.load.ProjectFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the Docker of this machine builds services of a stack. It uses the project's own compose files, so each option of {@code
 * build} means what it means to Docker Compose.
 *
 * @param directory the project's directory
 * @param arguments the arguments of {@code docker}
 * @param variables the variables that the compose files may use
 * @param images the name that each service's image has afterwards, by service; empty if nothing is to be built
 */
public record LocalBuild(
        Path directory, List<String> arguments, Map<String, String> variables, Map<String, String> images) {
    /** They give the build more of this machine than its context. */
    private static final List<String> REFUSED = List.of("privileged", "entitlements", "ssh", "secrets");

    /** Copies its parts. */
    public LocalBuild {
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
        images = Map.copyOf(images);
    }

    /** The services with {@code build} whose image no registry can have, and the name that Docker Compose gives it. */
    static LinkedHashMap<String, String> images(Map<String, @Nullable Object> tree, String project, boolean named) {
        var found = new LinkedHashMap<String, String>();
        map(tree.get("services")).forEach((name, definition) -> {
            var service = map(definition);
            var image = service.get("image");
            if (service.containsKey("build") && image == null) {
                found.put(String.valueOf(name), project + "-" + name);
            } else if (named
                    && service.containsKey("build")
                    && !String.valueOf(image).contains("/")) {
                found.put(String.valueOf(name), String.valueOf(image));
            }
        });
        return found;
    }

    /** Compose's own arguments; files are absolute, and never an override file that nobody named. */
    static List<String> arguments(
            String project,
            List<String> files,
            List<Path> envFiles,
            Iterable<String> profiles,
            Iterable<String> services) {
        var words = new ArrayList<>(List.of("compose", "--project-name", project));
        for (var file : files) {
            if (file.endsWith(".ftl")) {
                throw ComposeException.usage(
                        "`build` in a compose file that is a template (" + file
                                + ") is not built here; move it to a plain compose file, or name an `image` and push it before");
            }
            words.addAll(List.of("--file", file));
        }
        envFiles.forEach(file -> words.addAll(List.of("--env-file", file.toString())));
        profiles.forEach(profile -> {
            if (!profile.isEmpty()) { // the one without a name is always on
                words.addAll(List.of("--profile", profile));
            }
        });
        words.add("build");
        services.forEach(words::add);
        return words;
    }

    /**
     * Whoever can push a branch writes the compose file, and reads what is built: nothing outside of the checkout goes into it.
     *
     * @throws ComposeException {@code DATA}
     */
    static void confine(Map<String, @Nullable Object> tree, Iterable<String> services, Path directory) {
        for (var name : services) {
            var build = map(map(map(tree.get("services")).get(name)).get("build"));
            var path = "services." + name + ".build.";
            for (var key : REFUSED) {
                if (build.containsKey(key) && !Boolean.FALSE.equals(build.get(key))) {
                    throw refused(path + key, "reaches for the machine that builds");
                }
            }
            if ("host".equals(build.get("network"))) {
                throw refused(path + "network", "is the network of the machine that builds");
            }
            inside(path + "context", build.get("context"), directory);
            if (build.get("context") instanceof String context
                    && build.get("dockerfile") instanceof String file
                    && !build.containsKey("dockerfile_inline")
                    && !isRemote(context)) {
                inside(path + "dockerfile", Path.of(context).resolve(file).toString(), directory);
            }
            map(build.get("additional_contexts"))
                    .forEach((key, value) -> inside(path + "additional_contexts." + key, value, directory));
        }
    }

    private static void inside(String path, @Nullable Object value, Path directory) {
        if (value instanceof String place && !isRemote(place)) {
            ProjectFiles.objection(directory, directory.resolve(place)).ifPresent(reason -> {
                throw refused(path, place + " " + reason);
            });
        }
    }

    /** {@code https://…}, {@code git@…}, {@code service:…}. */
    private static boolean isRemote(String place) {
        return !place.startsWith("/") && !place.startsWith(".") && place.contains(":");
    }

    private static ComposeException refused(String path, String reason) {
        return ComposeException.data(path + ": " + reason
                + "; build the image before the deploy, and set it with compose.services.SERVICE.image");
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
