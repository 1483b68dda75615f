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
     * Reads a document that needs no variables and no other file, such as {@link #text()} made: {@code $$} is a {@code $}, and so is
     * a single one. Names of files stay as they are, and every profile is on.
     *
     * @param name what to call it in messages
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
     * This file with another laid over it, as a further {@code -f} would; {@code !reset} and {@code !override} work.
     *
     * @param overlay a compose document; a {@code $} in it is a {@code $}, no variable
     * @param name what to call it in messages
     */
    public ComposeFile merge(String overlay, String name) {
        return merge(Map.of(name, overlay));
    }

    /**
     * The same with several, the later over the earlier; what only a whole file can be checked for is checked once, after the last.
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
     * This file so that it runs elsewhere: files of variables are in {@code environment}; {@code build} is gone where there is an image;
     * files and directories of the project that it mounts, and its configs and secrets, are {@link #files()}. A mounted directory is a
     * volume, anything else a file beside the compose file. A directory that the project does not have is an empty one, as for Docker
     * Compose, with a warning.
     *
     * <p>Modes and owners are those of the project's files. A config or secret has those that its service asks for; otherwise it belongs to
     * root, and everybody in the container may read it.
     *
     * @param projectDirectory nothing outside it is read, whatever links say
     * @throws ComposeFileException with the line, for what a server cannot have: a path of the host, a build without an image, more than
     *     10,000 files or 32 MiB
     */
    public ComposeFile selfContained(Path projectDirectory) {
        return selfContained(projectDirectory, null, false);
    }

    /**
     * The same for a stack that has a home: mounts below the home stay, and a directory that the project does not have, or has empty,
     * becomes one of the same name below the home.
     *
     * @param home an absolute directory of the server
     */
    public ComposeFile selfContained(Path projectDirectory, String home) {
        return selfContained(projectDirectory, home, false);
    }

    /** A self-contained file that has been merged with more: the configs and secrets that came are {@link #files()}, too. */
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

    /** The files that a self-contained file mounts, as far as they are not in it; empty for any other. */
    public List<MountedFiles> files() {
        return files.stream().filter(this::mounts).toList();
    }

    private boolean mounts(MountedFiles candidate) {
        return tree.entries("services").values().stream()
                .flatMap(service -> service.items("volumes").stream())
                .anyMatch(mount -> candidate.source().equals(mount.string("source")));
    }

    /** This file without the variables that have no value, each of which is a warning: where it runs, another might have one. */
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

    /** What did not stop the load, with file and line: variables that are not set, obsolete and unknown keys. */
    public List<String> warnings() {
        return warnings.lines();
    }
}
