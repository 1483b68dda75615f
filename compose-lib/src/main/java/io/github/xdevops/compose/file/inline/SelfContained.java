package io.github.xdevops.compose.file.inline;

import io.github.xdevops.compose.file.load.Project;
import io.github.xdevops.compose.file.load.WordFiles;
import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedEntry.Attributes;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.file.mount.MountedFiles.Kind;
import io.github.xdevops.compose.file.schema.Resource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Numbers;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.tree.Warnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a document independent of this machine: its mounts become {@link MountedFiles}, or an error.
 *
 * <p>Configs and secrets become ordinary mounts, because Compose ignores their content in a service's hash. They get the mode and
 * owner that the service sets; otherwise everybody in the container may read them, regardless of who made the checkout.
 */
public final class SelfContained {

    private static final KeyPath SERVICES = KeyPath.ROOT.key("services");

    private final Project project;
    private final MountReader files;
    private final String root;
    private final @Nullable String home;
    private final boolean again;
    private final Warnings warnings;
    private final Map<Path, MountedFiles> read = new LinkedHashMap<>();
    private final Map<String, MountedFiles> mounted = new LinkedHashMap<>();

    private SelfContained(Project project, Path directory, @Nullable String home, boolean again, Warnings warnings) {
        this.warnings = warnings;
        this.project = project;
        this.files = new MountReader(directory);
        this.root = directory.toAbsolutePath().normalize().toString();
        this.home = home == null ? null : Paths.clean(home);
        this.again = again;
    }

    /**
     * A document and the files that it mounts.
     *
     * @param document self-contained, without disabled services
     * @param files the files that it mounts
     */
    public record Outcome(Node document, List<MountedFiles> files) {}

    /**
     * Makes a document self-contained.
     *
     * @param again whether overlays were merged since the first time; their mounts are not restricted
     */
    public static Outcome of(
            Node document, Project project, Path directory, @Nullable String home, boolean again, Warnings warnings) {
        SelfContained made = new SelfContained(project, directory, home, again, warnings);
        Node out = made.run(document);
        return new Outcome(out, List.copyOf(made.mounted.values()));
    }

    private Node run(Node document) {
        Map<String, Node> services = new LinkedHashMap<>();
        document.entries("services").forEach((name, service) -> {
            if (project.enables(service)) {
                services.put(name, service(service, SERVICES.key(name), document));
            }
        });
        if (!again) {
            document.entries("volumes")
                    .forEach((name, volume) ->
                            bound(volume, KeyPath.ROOT.key("volumes").key(name)));
        }
        Node old = document.get("services");
        Node out = document.put("secrets", null).put("configs", null);
        out = out.put("services", (old == null ? document : old).with(services));
        Map<String, Node> volumes = new LinkedHashMap<>(document.entries("volumes"));
        mounted.values().stream()
                .filter(MountedFiles::isDirectory)
                .forEach(directory -> volumes.put(directory.name(), document.scalar(Map.of())));
        Node all = document.get("volumes");
        return volumes.isEmpty() ? out : out.put("volumes", (all == null ? document : all).with(volumes));
    }

    private Node service(Node service, KeyPath path, Node document) {
        Node build = service.get("build");
        if (build != null && service.get("image") == null) {
            throw ComposeFileException.at(
                    build.keyMark(),
                    path.key("build"),
                    "the server builds no images: without compose.images=pull, compose:deploy builds them here, or add an"
                            + " `image` beside `build` and push it first");
        }
        Node out = WordFiles.inlined(service, path, project).put("build", null).put("develop", null);
        out = out.put("pull_policy", "build".equals(out.string("pull_policy")) ? null : out.get("pull_policy"));
        List<Node> mounts = new ArrayList<>();
        MountTargets targets = new MountTargets();
        int index = 0;
        for (Node mount : out.items("volumes")) {
            KeyPath at = path.key("volumes").item(index++);
            Node made = "bind".equals(mount.string("type")) && !again ? bind(mount, at) : mount;
            mounts.add(made);
            targets.add(mount, at, made);
        }
        for (Kind kind : List.of(Kind.CONFIG, Kind.SECRET)) {
            String section = kind == Kind.CONFIG ? "configs" : "secrets";
            index = 0;
            for (Node mount : out.items(section)) {
                KeyPath at = path.key(section).item(index++);
                Node made = resource(kind, mount, at, document.entries(section));
                mounts.add(made);
                targets.add(mount, at, made);
            }
        }
        targets.check(out, path);
        Node volumes = out.get("volumes");
        out = out.put("secrets", null).put("configs", null);
        return out.put("volumes", mounts.isEmpty() ? null : (volumes == null ? service : volumes).with(mounts));
    }

    private Node bind(Node mount, KeyPath path) {
        String source = Paths.clean(String.valueOf(mount.string("source")));
        String target = String.valueOf(mount.string("target"));
        if (home != null && (source.equals(home) || source.startsWith(home + "/"))) {
            return mount;
        }
        if (!source.equals(root) && !source.startsWith(root + "/")) {
            throw ComposeFileException.at(
                    mount,
                    path,
                    source
                            + " is a path of the host, which is not uploaded; use a named volume or a file of the project");
        }
        Path file = files.locate(source, mount, path);
        MountedFiles found = file == null ? null : read(file, mount, path);
        if (home != null && (found == null || holdsNothing(found))) {
            String moved = Paths.clean(home + "/" + source.substring(root.length()));
            return mount.put("source", mount.scalar(moved));
        }
        if (found == null) {
            String shown = project.disk().shown(source);
            if (isFalse(mount.get("bind"), "create_host_path")) {
                throw ComposeFileException.at(mount, path, "there is no file " + shown);
            }
            warnings.add(
                    mount.mark(),
                    path,
                    shown + " is not in the project, so an empty directory is mounted, as Docker Compose does");
            found = MountedFiles.of(
                    Kind.DIR, shown, List.of(MountedEntry.directory("", new Attributes(0755, 0, 0, 0))));
        }
        return mount(found, mount, target, mount.get("read_only"));
    }

    private static boolean isFalse(@Nullable Node options, String key) {
        Node flag = options == null ? null : options.get(key);
        return flag != null && (Boolean.FALSE.equals(flag.value()) || "false".equals(flag.value()));
    }

    /** Whether the directory is empty or contains only a placeholder for git. */
    private static boolean holdsNothing(MountedFiles found) {
        return found.isDirectory()
                && found.entries().stream()
                        .allMatch(entry -> entry.type() == MountedEntry.Type.DIRECTORY
                                || (entry.path().equals(".gitkeep")
                                        || entry.path().endsWith("/.gitkeep")));
    }

    private MountedFiles read(Path file, Node asked, KeyPath path) {
        MountedFiles known = read.get(file);
        if (known == null) {
            List<MountedEntry> entries = files.read(file, asked, path);
            Kind kind = entries.get(0).type() == MountedEntry.Type.DIRECTORY ? Kind.DIR : Kind.FILE;
            known = MountedFiles.of(kind, project.disk().shown(file.toString()), entries);
            read.put(file, known);
        }
        return known;
    }

    private Node mount(MountedFiles files, Node at, String target, @Nullable Node readOnly) {
        mounted.putIfAbsent(files.name(), files);
        // The policy knows by the source which binds are the deployment's own, so that comes first.
        Map<String, Node> entries = new LinkedHashMap<>();
        entries.put("source", at.scalar(files.source()));
        entries.put("type", at.scalar(files.isDirectory() ? "volume" : "bind"));
        entries.put("target", at.scalar(target));
        if (readOnly != null) {
            entries.put("read_only", readOnly);
        }
        if (files.isDirectory()) {
            entries.put("volume", at.scalar(Map.of("nocopy", at.scalar(true))));
        }
        return at.with(entries);
    }

    /** Turns a config or secret into a mount. */
    private Node resource(Kind kind, Node mount, KeyPath path, Map<String, Node> resources) {
        String source = String.valueOf(mount.string("source"));
        Node resource = resources.get(source);
        String word = kind == Kind.CONFIG ? "config" : "secret";
        if (resource == null || !resource.isMap()) {
            throw ComposeFileException.at(mount, path, "there is no " + word + " `" + source + "`");
        }
        String target = mount.string("target");
        String place = target == null || target.isEmpty() ? source : target;
        String directory = kind == Kind.CONFIG ? "/" : "/run/secrets/";
        KeyPath at = KeyPath.ROOT.key(word + "s").key(source);
        return mount(
                content(kind, source, mount, path, resource, at),
                mount,
                place.startsWith("/") ? place : directory + place,
                mount.scalar(true));
    }

    private MountedFiles content(Kind kind, String name, Node mount, KeyPath mountPath, Node resource, KeyPath path) {
        if (Resource.isExternal(resource)) {
            throw ComposeFileException.at(
                    resource.keyMark(), path, "external configs and secrets need a swarm; set `file` or `environment`");
        }
        Node file = resource.get("file");
        Node variable = resource.get("environment");
        Node content = resource.get("content");
        byte[] bytes;
        int mode = 0444;
        long modified = System.currentTimeMillis();
        if (file != null) {
            Path real = files.locate(file.text(), file, path.key("file"));
            if (real == null) {
                throw ComposeFileException.at(
                        file,
                        path.key("file"),
                        "there is no file " + project.disk().shown(file.text()));
            }
            MountedFiles found = read(real, file, path.key("file"));
            if (found.isDirectory()) {
                return found;
            }
            MountedEntry entry = found.entries().get(0);
            bytes = entry.bytes();
            mode |= entry.attributes().mode() & 0777;
            modified = entry.attributes().modified();
        } else if (variable != null) {
            String value = project.variables().get(variable.text());
            if (value == null) {
                throw ComposeFileException.at(
                        variable,
                        path.key("environment"),
                        "the variable " + variable.text() + " is not set; -Dcompose.env." + variable.text()
                                + "=… sets it");
            }
            bytes = value.getBytes(StandardCharsets.UTF_8);
        } else {
            bytes = (content == null ? "" : content.text()).getBytes(StandardCharsets.UTF_8);
        }
        Attributes attributes = new Attributes(
                (int) number(mount, "mode", mountPath, mode),
                number(mount, "uid", mountPath, 0),
                number(mount, "gid", mountPath, 0),
                modified);
        return MountedFiles.of(kind, name, List.of(MountedEntry.file("", attributes, bytes)));
    }

    private static long number(Node mount, String key, KeyPath path, long otherwise) {
        Node asked = mount.get(key);
        if (asked == null || asked.isNull()) {
            return otherwise;
        }
        boolean octal = key.equals("mode") && asked.value() instanceof String text && text.matches("0[0-7]{1,4}");
        Long number = octal
                ? Long.valueOf(Long.parseLong(asked.text(), 8))
                : Numbers.whole(asked.value() == null ? "" : asked.value());
        if (number == null || number < 0 || number > (key.equals("mode") ? 07777 : 0xFFFFFFFFL)) {
            throw ComposeFileException.at(
                    asked, path.key(key), "\"" + asked.text() + "\" is not a number that is allowed here");
        }
        return number;
    }

    /** Finds a bind mount in the options of a volume's driver. */
    private void bound(Node volume, KeyPath path) {
        Node options = volume.get("driver_opts");
        String device = options == null ? null : options.string("device");
        String how = options == null ? null : options.string("o");
        boolean binds = how != null && List.of(how.split(",", -1)).contains("bind");
        if (binds && device != null && (home == null || !(Paths.clean(device) + "/").startsWith(home + "/"))) {
            throw ComposeFileException.at(
                    volume.keyMark(), path, "this volume is a path of the host, " + device + ", which is not uploaded");
        }
    }
}
