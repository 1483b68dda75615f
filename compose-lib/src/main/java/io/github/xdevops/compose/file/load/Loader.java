package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.schema.Merging;
import io.github.xdevops.compose.file.schema.Schema;
import io.github.xdevops.compose.file.schema.Shape;
import io.github.xdevops.compose.file.tree.Budget;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.SourceText;
import io.github.xdevops.compose.file.tree.Warnings;
import io.github.xdevops.compose.file.tree.YamlReader;
import io.github.xdevops.compose.file.variables.Interpolation;
import io.github.xdevops.compose.file.variables.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads compose files into one document, in Compose's order: variables, extends, include, merge, check, long form. */
public final class Loader {

    private final ProjectReader disk;
    private final Warnings warnings;
    private final Budget budget = new Budget();

    public Loader(ProjectReader disk, Warnings warnings) {
        this.disk = disk;
        this.warnings = warnings;
    }

    ProjectReader disk() {
        return disk;
    }

    Budget budget() {
        return budget;
    }

    Warnings warnings() {
        return warnings;
    }

    /**
     * Loads files into one document with absolute paths.
     *
     * @param files absolute names, later ones over earlier ones; at least one
     * @param directory the base of relative names
     * @param including the files that include these, outermost first
     */
    public Node load(List<String> files, String directory, Variables variables, List<String> including) {
        Node document = Node.of(Map.of(), Mark.of(disk.shown(files.get(0))));
        for (String file : files) {
            Node next = read(file, variables, Mark.of(disk.shown(file)), KeyPath.ROOT);
            List<String> chain = new ArrayList<>(including);
            chain.add(file);
            document = over(document, next, file, directory, variables, chain);
        }
        if (document.map().isEmpty()) {
            throw ComposeFileException.at(document.mark(), "the file is empty; define at least one service");
        }
        return complete(document, directory, variables);
    }

    /** Merges one more document over this one. */
    public Node over(Node below, Node next, String file, String directory, Variables variables, List<String> chain) {
        if (next.isNull()) {
            return below;
        }
        if (!next.isMap()) {
            throw ComposeFileException.at(
                    next, KeyPath.ROOT, "a compose file must be a mapping, but this is " + Shape.kind(next));
        }
        Node included = new Include(this).apply(next, directory, variables, chain);
        Node extended = new Extends(this, variables).apply(included, file, directory);
        Node merged = Merging.settled(Schema.FILE.merge(below, extended, KeyPath.ROOT));
        Schema.FILE.check(merged, KeyPath.ROOT, warnings);
        Node version = merged.get("version");
        if (version != null) {
            warnings.add(version.keyMark(), KeyPath.ROOT.key("version"), "this key is obsolete and ignored");
        }
        return Schema.FILE.canonical(merged.put("version", null).put("include", null), KeyPath.ROOT);
    }

    /** Runs the checks and sets the defaults that need all files. */
    public Node complete(Node document, String directory, Variables variables) {
        ResourceRules.check(document);
        Node built = withServices(document, service -> {
            Node build = service.get("build");
            return build == null || !build.isMap() || build.get("context") != null
                    ? service
                    : service.put("build", build.put("context", build.scalar(".")));
        });
        Node local = directory.isEmpty() ? built : LocalPaths.document(built, directory);
        return withServices(local, service -> Inheritance.environment(service, variables));
    }

    static Node withServices(Node document, java.util.function.UnaryOperator<Node> step) {
        Node services = document.get("services");
        if (services == null || !services.isMap()) {
            return document;
        }
        Map<String, Node> out = new LinkedHashMap<>();
        services.map().forEach((name, service) -> out.put(name, service.isMap() ? step.apply(service) : service));
        return document.put("services", services.with(out));
    }

    /** Reads one file and replaces its variables. */
    Node read(String file, Variables variables, Mark asked, KeyPath path) {
        String name = disk.shown(file);
        String text = SourceText.decode(disk.bytes(file, asked, path), name);
        budget.read(asked, path);
        Node document = YamlReader.read(text, name);
        budget.values(document.size(), asked, path);
        return new Interpolation(variables, warnings, budget).apply(document, KeyPath.ROOT);
    }
}
