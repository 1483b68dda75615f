package io.github.xdevops.compose.file;

import io.github.xdevops.compose.file.inline.SelfContained;
import io.github.xdevops.compose.file.load.CanonicalForm;
import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.load.Deployable;
import io.github.xdevops.compose.file.load.Dollars;
import io.github.xdevops.compose.file.load.LoadPlan;
import io.github.xdevops.compose.file.load.Loader;
import io.github.xdevops.compose.file.load.Project;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Emitter;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import io.github.xdevops.compose.file.tree.YamlReader;
import io.github.xdevops.compose.file.variables.UnsetVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A compose file as a tree, resolved and canonical; immutable.
 *
 * <p>The tree is what {@code docker compose config} of the newest Compose prints, with these differences: a volume, network, config or
 * secret has a {@code name} only where the file gives it one, since the project's name comes with the deployment; dates stay strings;
 * a second document, a byte order mark, unknown tags and characters that YAML readers disagree about are refused.
 */
public final class ComposeFile {

    private final Node document;
    private final Project project;
    private final Node tree;
    private final Warnings warnings;
    private final List<MountedFiles> files;

    private ComposeFile(Node document, Project project, Warnings warnings, List<MountedFiles> files) {
        this.files = List.copyOf(files);
        this.document = document;
        this.project = project;
        this.tree = CanonicalForm.of(document, project);
        this.warnings = warnings;
    }

    /**
     * Loads files as Docker Compose does: variables, {@code extends}, {@code include}, merge, profiles, long forms.
     *
     * @throws ComposeFileException when Compose would refuse them, or when they are larger or deeper than any file should be
     */
    public static ComposeFile load(ComposeSource source) {
        LoadPlan opening = LoadPlan.of(source);
        Warnings warnings = new Warnings();
        Loader loader = new Loader(opening.project().disk(), warnings);
        return explained(warnings, () -> {
            Node document = loader.load(
                    opening.files(),
                    opening.project().directory(),
                    opening.project().variables(),
                    List.of());
            return new ComposeFile(opening.named(document), opening.project(), warnings, List.of());
        });
    }

    /**
     * Parses a document that needs no variables and no other file, such as {@link #text()}. Both {@code $$} and a single
     * {@code $} mean {@code $}. File names stay unchanged, and all profiles are enabled.
     *
     * @param name its name in messages
     */
    public static ComposeFile parse(String text, String name) {
        return over(
                Node.of(Map.of(), Mark.of(name)),
                List.of(Dollars.single(YamlReader.read(text, name))),
                Project.none(),
                new Warnings(),
                List.of());
    }

    /**
     * Merges an overlay into this file, as a further {@code -f} would; {@code !reset} and {@code !override} work.
     *
     * @param overlay a compose document; a {@code $} in it is literal
     * @param name its name in messages
     */
    public ComposeFile merge(String overlay, String name) {
        return merge(Map.of(name, overlay));
    }

    /**
     * Merges several overlays, later ones over earlier ones. Checks that need the whole file run once, after the last.
     *
     * @param overlays their texts by their names, in the order of the map
     */
    public ComposeFile merge(Map<String, String> overlays) {
        List<Node> documents = new ArrayList<>();
        overlays.forEach((name, overlay) -> documents.add(YamlReader.read(overlay, name)));
        return over(document, documents, project, warnings, files);
    }

    private static ComposeFile over(
            Node below, List<Node> documents, Project project, Warnings earlier, List<MountedFiles> files) {
        Warnings warnings = earlier.copy();
        Loader loader = new Loader(project.disk(), warnings);
        return explained(warnings, () -> {
            Node merged = below;
            for (Node next : documents) {
                merged = loader.over(
                        merged,
                        next,
                        project.directory() + "/" + next.mark().file(),
                        project.directory(),
                        project.variables(),
                        List.of());
            }
            Node whole = loader.complete(merged, project.directory(), project.variables());
            return new ComposeFile(whole, project, warnings, files);
        });
    }

    private static ComposeFile explained(Warnings warnings, Supplier<ComposeFile> work) {
        try {
            return work.get();
        } catch (ComposeFileException e) {
            throw warnings.explained(e);
        }
    }

    /**
     * Makes this file independent of this machine: env files are merged into {@code environment}; {@code build} is gone where
     * there is an image; files and directories of the project that it mounts, and its configs and secrets, are {@link #files()}.
     * A mounted directory is a volume, anything else a file beside the compose file. A missing directory becomes an empty one, as
     * in Docker Compose, with a warning.
     *
     * <p>Modes and owners are those of the project's files. A config or secret has those that its service asks for; otherwise it
     * belongs to root, and everybody in the container may read it.
     *
     * @param projectDirectory nothing outside it is read, even through links
     * @throws ComposeFileException with the line, for anything that a server cannot provide: a path of the host, a build without
     *     an image, more than 10,000 files or 32 MiB
     */
    public ComposeFile selfContained(Path projectDirectory) {
        return selfContained(projectDirectory, null, false);
    }

    /**
     * Makes the file of a stack with a home self-contained. Mounts below the home stay; a missing or empty directory of the
     * project becomes one of the same name below the home.
     *
     * @param home an absolute directory of the server
     */
    public ComposeFile selfContained(Path projectDirectory, String home) {
        return selfContained(projectDirectory, home, false);
    }

    /** Inlines the configs and secrets that overlays added to a self-contained file. */
    public ComposeFile withoutConfigs(Path projectDirectory) {
        return document.get("configs") == null && document.get("secrets") == null
                ? this
                : selfContained(projectDirectory, null, true);
    }

    private ComposeFile selfContained(Path projectDirectory, @Nullable String home, boolean again) {
        return explained(warnings, () -> {
            Node enabled = again ? document : CanonicalForm.enabled(document, project);
            Deployable.check(document, enabled, warnings);
            Warnings all = warnings.copy();
            SelfContained.Outcome made = SelfContained.of(enabled, project, projectDirectory, home, again, all);
            List<MountedFiles> whole = new ArrayList<>(files);
            whole.addAll(made.files());
            return new ComposeFile(made.document(), project, all, whole);
        });
    }

    /** The mounted files that are not part of the text of a self-contained file; empty for any other file. */
    public List<MountedFiles> files() {
        return files.stream().filter(this::mounts).toList();
    }

    private boolean mounts(MountedFiles candidate) {
        return tree.entries("services").values().stream()
                .flatMap(service -> service.items("volumes").stream())
                .anyMatch(mount -> candidate.source().equals(mount.string("source")));
    }

    /** Removes variables without a value, with a warning for each. On the server they might have one. */
    public ComposeFile withoutUnset() {
        Warnings all = warnings.copy();
        Node set = new UnsetVariables(all).dropped(document);
        return new ComposeFile(set, project, all, files);
    }

    /**
     * The resolved file: unmodifiable maps and lists of String, Long, Double, Boolean and null, in the order of the file.
     *
     * <p>It always has {@code services}. Durations and sizes are strings ({@code 1m30s}, bytes), ports and mounts are mappings,
     * environment and labels are mappings of strings, where an environment variable without a value is null.
     */
    public Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        tree.map().forEach((name, node) -> out.put(name, node.plain()));
        return java.util.Collections.unmodifiableMap(out);
    }

    /** The resolved file as YAML; {@code parse(text).text()} is the same text again. */
    public String text() {
        return Emitter.write(tree.map());
    }

    /** The warnings of the load, with file and line: unset variables, obsolete and unknown keys. */
    public List<String> warnings() {
        return warnings.lines();
    }
}
