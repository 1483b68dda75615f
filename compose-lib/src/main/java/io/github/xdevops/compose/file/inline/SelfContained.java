package io.github.xdevops.compose.file.inline;

import io.github.xdevops.compose.file.inline.InlinedFiles.Carried;
import io.github.xdevops.compose.file.load.Project;
import io.github.xdevops.compose.file.load.WordFiles;
import io.github.xdevops.compose.file.schema.Resource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a document that needs nothing of this machine: what it names becomes content, or an error.
 *
 * <p>The vehicle is {@code configs.content}: Compose copies it into the container, so neither a mount nor a swarm is needed. It carries
 * secrets, too, because Compose knows no {@code secrets.content}, and {@code secrets.environment} would need a variable on the server:
 * they become configs at their old place below {@code /run/secrets}, with their own mode or 0444 (the default of secrets, so that a
 * service that does not run as root can read them), and {@code x-secret: true} tells readers to mask the content.
 */
public final class SelfContained {

    private static final KeyPath SERVICES = KeyPath.ROOT.key("services");

    private final Project project;
    private final InlinedFiles files;
    private final String root;
    private final @Nullable String home;
    private final Map<String, Node> configs = new LinkedHashMap<>();
    private final Map<String, String> carriers = new LinkedHashMap<>();

    private SelfContained(Project project, Path directory, @Nullable String home) {
        this.project = project;
        this.files = new InlinedFiles(directory);
        this.root = directory.toAbsolutePath().normalize().toString();
        this.home = home == null ? null : Paths.clean(home);
    }

    /** The document without needs, and without the services that are switched off. */
    public static Node of(Node document, Project project, Path directory, @Nullable String home) {
        return new SelfContained(project, directory, home).run(document);
    }

    private Node run(Node document) {
        document.entries("configs").forEach((name, config) -> {
            if (isUsed(document, "configs", name)) {
                configs.put(name, content(config, KeyPath.ROOT.key("configs").key(name)));
            }
        });
        Map<String, Node> secrets = document.entries("secrets");
        Map<String, Node> services = new LinkedHashMap<>();
        document.entries("services").forEach((name, service) -> {
            if (project.enables(service)) {
                services.put(name, service(service, SERVICES.key(name), secrets));
            }
        });
        document.entries("volumes")
                .forEach((name, volume) ->
                        bound(volume, KeyPath.ROOT.key("volumes").key(name)));
        configs.forEach(SelfContained::refuseEmpty);
        Node old = document.get("services");
        Node out = document.put("secrets", null);
        out = out.put("services", (old == null ? document : old).with(services));
        return configs.isEmpty() ? out.put("configs", null) : out.put("configs", document.scalar(configs));
    }

    /** Measured with Compose 2.26: without content it mounts the project's own directory on the server instead. */
    private static void refuseEmpty(String name, Node config) {
        if ("".equals(config.string("content"))) {
            throw ComposeFileException.at(
                    config,
                    KeyPath.ROOT.key("configs").key(name),
                    "it is empty, and Docker Compose would mount a directory in its place; give it at least a line break");
        }
    }

    private boolean isUsed(Node document, String section, String name) {
        return document.entries("services").values().stream()
                .filter(project::enables)
                .anyMatch(service ->
                        service.items(section).stream().anyMatch(mount -> name.equals(mount.string("source"))));
    }

    private Node service(Node service, KeyPath path, Map<String, Node> secrets) {
        Node build = service.get("build");
        if (build != null && service.get("image") == null) {
            throw ComposeFileException.at(
                    build.keyMark(),
                    path.key("build"),
                    "an image that is built here cannot be carried; name an `image` next to `build` and push it before,"
                            + " or set `image` and reset `build` in an override file");
        }
        Node out = WordFiles.inlined(service, path, project).put("build", null).put("develop", null);
        out = out.put("pull_policy", "build".equals(out.string("pull_policy")) ? null : out.get("pull_policy"));
        List<Node> mounts = new ArrayList<>(out.items("configs"));
        int index = 0;
        for (Node secret : out.items("secrets")) {
            mounts.add(secret(secret, path.key("secrets").item(index++), secrets));
        }
        List<Node> volumes = new ArrayList<>();
        index = 0;
        for (Node mount : out.items("volumes")) {
            KeyPath at = path.key("volumes").item(index++);
            if ("bind".equals(mount.string("type"))) {
                volumes.addAll(bind(mount, at, mounts));
            } else {
                volumes.add(mount);
            }
        }
        out = out.put("secrets", null).put("volumes", listed(out.get("volumes"), out, volumes));
        return out.put("configs", listed(out.get("configs"), out, mounts));
    }

    private static @Nullable Node listed(@Nullable Node old, Node service, List<Node> items) {
        return items.isEmpty() ? null : (old == null ? service.scalar(null) : old).with(items);
    }

    /** The mounts that stay; what is carried joins the configs. */
    private List<Node> bind(Node mount, KeyPath path, List<Node> mounts) {
        String source = Paths.clean(String.valueOf(mount.string("source")));
        String target = String.valueOf(mount.string("target"));
        if (home != null && (source.equals(home) || source.startsWith(home + "/"))) {
            return List.of(mount);
        }
        if (!source.equals(root) && !source.startsWith(root + "/")) {
            throw ComposeFileException.at(
                    mount,
                    path,
                    source
                            + " is a path of the host and cannot be carried; use a named volume or a file of the project");
        }
        List<Carried> found = files.find(source, mount, path);
        if (found != null) {
            found.forEach(file -> mounts.add(carry(file, target, mount)));
            return List.of();
        }
        if (home != null) {
            String moved = Paths.clean(home + "/" + source.substring(root.length()));
            return List.of(mount.put("source", mount.scalar(moved)));
        }
        String shown = project.disk().shown(source);
        throw ComposeFileException.at(
                mount,
                path,
                "there is nothing to carry in " + shown + "; use a named volume for what the service writes");
    }

    private Node carry(Carried file, String target, Node mount) {
        String name = carrier("file-" + file.path(), file.path());
        configs.putIfAbsent(name, mount.scalar(Map.of("content", mount.scalar(file.content()))));
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("source", mount.scalar(name));
        entries.put("target", mount.scalar(file.name().isEmpty() ? target : Paths.clean(target + "/" + file.name())));
        entries.put("mode", mount.scalar(file.mode()));
        return mount.scalar(entries);
    }

    private Node secret(Node mount, KeyPath path, Map<String, Node> secrets) {
        String source = String.valueOf(mount.string("source"));
        Node secret = secrets.get(source);
        if (secret == null || !secret.isMap()) {
            throw ComposeFileException.at(mount, path, "there is no secret `" + source + "`");
        }
        String name = carrier("secret-" + source, "secret " + source);
        if (!configs.containsKey(name)) {
            Node carried = content(secret, KeyPath.ROOT.key("secrets").key(source));
            configs.put(name, carried.put("x-secret", secret.scalar(true)));
        }
        String target = mount.string("target");
        String place = target == null ? source : target;
        Node out = mount.put("source", mount.scalar(name))
                .put("target", mount.scalar(place.startsWith("/") ? place : "/run/secrets/" + place));
        return mount.get("mode") == null ? out.put("mode", mount.scalar(0444L)) : out;
    }

    /** A config or secret as content. */
    private Node content(Node resource, KeyPath path) {
        if (Resource.isExternal(resource)) {
            throw ComposeFileException.at(
                    resource.keyMark(), path, "what is external needs a swarm; give it a `file` or `environment`");
        }
        Node file = resource.get("file");
        Node variable = resource.get("environment");
        if (file != null) {
            List<Carried> found = files.find(file.text(), file, path.key("file"));
            if (found == null || found.size() != 1 || !found.get(0).name().isEmpty()) {
                throw ComposeFileException.at(
                        file,
                        path.key("file"),
                        "there is no file " + project.disk().shown(file.text()));
            }
            return resource.put("file", null)
                    .put("content", file.scalar(found.get(0).content()));
        }
        if (variable == null) {
            return resource;
        }
        String value = project.variables().get(variable.text());
        if (value == null) {
            throw ComposeFileException.at(
                    variable, path.key("environment"), "the variable " + variable.text() + " is not set");
        }
        return resource.put("environment", null).put("content", variable.scalar(value));
    }

    /** A volume can hide a bind mount in the options of its driver. */
    private void bound(Node volume, KeyPath path) {
        Node options = volume.get("driver_opts");
        String device = options == null ? null : options.string("device");
        String how = options == null ? null : options.string("o");
        boolean binds = how != null && List.of(how.split(",", -1)).contains("bind");
        if (binds && device != null && (home == null || !(Paths.clean(device) + "/").startsWith(home + "/"))) {
            throw ComposeFileException.at(
                    volume.keyMark(), path, "this volume is a path of the host, " + device + ", and cannot be carried");
        }
    }

    /** A name for a config that no other thing has. */
    private String carrier(String wish, String what) {
        String base = wish.replaceAll("[^a-zA-Z0-9._-]+", "-");
        String name = base;
        for (int i = 2; !what.equals(carriers.getOrDefault(name, configs.containsKey(name) ? "" : what)); i++) {
            name = base + "-" + i;
        }
        carriers.put(name, what);
        return name;
    }
}
