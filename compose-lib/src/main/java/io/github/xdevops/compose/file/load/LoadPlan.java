package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.Budget;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import io.github.xdevops.compose.file.tree.SourceText;
import io.github.xdevops.compose.file.tree.Warnings;
import io.github.xdevops.compose.file.tree.YamlReader;
import io.github.xdevops.compose.file.variables.DotEnv;
import io.github.xdevops.compose.file.variables.Interpolation;
import io.github.xdevops.compose.file.variables.Variables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The resolved files, variables, profiles and name of a source.
 *
 * @param files absolute names of the compose files
 */
public record LoadPlan(List<String> files, Project project) {

    /** The default names of a compose file. The first file that exists is used. */
    public static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

    /** Whether a text may contain a key {@code name}; only such files are read twice. */
    private static final Pattern NAMED = Pattern.compile("(^|[\\s{,?\"'])name[\"']?\\s*:");

    public static LoadPlan of(ComposeSource source) {
        ProjectReader disk = new ProjectReader(source.directory().toString(), source.confined(), source.templating());
        Map<String, String> values = variables(source, disk);
        List<String> files = files(source, values);
        if (files.isEmpty()) {
            throw ComposeFileException.at(
                    Mark.of(source.directory().toString()),
                    "no compose file here; looked for " + String.join(", ", NAMES));
        }
        String directory = ProjectReader.parent(Paths.clean(files.get(0)));
        Set<String> profiles =
                source.profiles().isEmpty() ? words(values.getOrDefault("COMPOSE_PROFILES", "")) : source.profiles();
        values.computeIfAbsent("COMPOSE_PROJECT_NAME", key -> name(files, directory, values, disk));
        Map<String, String> fixed = Map.copyOf(values);
        return new LoadPlan(
                files,
                new Project(directory, Variables.of(fixed).or(Variables.refusing(source.withheld())), profiles, disk));
    }

    /** The given variables over those of env files, by default {@code .env} beside the first compose file. */
    static Map<String, String> variables(ComposeSource source, ProjectReader disk) {
        Map<String, String> out = new LinkedHashMap<>();
        List<String> envFiles = absolute(source.directory(), source.envFiles());
        envFiles.forEach(file -> add(out, file, source, disk));
        if (envFiles.isEmpty() && source.files().isEmpty()) {
            usual(out, source.directory().toString(), source, disk);
        }
        out.putAll(source.variables());
        out.putIfAbsent("PWD", source.directory().toString());
        List<String> files = files(source, out);
        String directory = files.isEmpty() ? "" : ProjectReader.parent(Paths.clean(files.get(0)));
        boolean elsewhere = !source.files().isEmpty()
                || !directory.equals(source.directory().toString());
        if (envFiles.isEmpty() && !files.isEmpty() && elsewhere) {
            Map<String, String> beside = new LinkedHashMap<>();
            usual(beside, directory, source, disk);
            beside.forEach(out::putIfAbsent);
        }
        return out;
    }

    private static void usual(Map<String, String> out, String directory, ComposeSource source, ProjectReader disk) {
        String file = Paths.absolute(directory, ".env");
        if (disk.isFile(file)) {
            add(out, file, source, disk);
        }
    }

    private static void add(Map<String, String> out, String file, ComposeSource source, ProjectReader disk) {
        byte[] bytes = disk.bytes(file, Mark.of(disk.shown(file)), KeyPath.ROOT);
        Variables earlier = Variables.of(Map.copyOf(out)).or(Variables.refusing(source.withheld()));
        out.putAll(DotEnv.parse(bytes, disk.shown(file), Variables.of(source.variables()), earlier));
    }

    private static List<String> absolute(java.nio.file.Path directory, List<java.nio.file.Path> files) {
        return files.stream().map(file -> directory.resolve(file).toString()).toList();
    }

    private static List<String> files(ComposeSource source, Map<String, String> values) {
        List<String> files = new ArrayList<>(absolute(source.directory(), source.files()));
        if (files.isEmpty()) {
            for (String file : values.getOrDefault("COMPOSE_FILE", "").split(":", -1)) {
                if (!file.isEmpty()) {
                    files.add(Paths.absolute(source.directory().toString(), file));
                }
            }
        }
        for (String name : NAMES) {
            Path file = source.directory().resolve(name);
            if (files.isEmpty() && Files.exists(file)) {
                files.add(file.toString());
            }
        }
        return files;
    }

    private static Set<String> words(String list) {
        return Set.copyOf(List.of(list.split(",", -1)).stream()
                .map(String::strip)
                .distinct()
                .toList());
    }

    /** The project's name, which files may use as a variable: the last {@code name} in them, or the directory's name. */
    private static String name(List<String> files, String directory, Map<String, String> values, ProjectReader disk) {
        String name = "";
        for (String file : files) {
            Mark mark = Mark.of(disk.shown(file));
            String text = SourceText.decode(disk.bytes(file, mark, KeyPath.ROOT), disk.shown(file));
            if (!NAMED.matcher(text).find()) {
                continue;
            }
            Node document = YamlReader.read(text, disk.shown(file));
            Node own = document.get("name");
            if (own != null && own.isText()) {
                Node read = new Interpolation(Variables.of(values), new Warnings(), new Budget())
                        .apply(own, KeyPath.ROOT.key("name"));
                name = normal(read.text()).isEmpty() ? name : normal(read.text());
            }
        }
        return name.isEmpty() ? normal(Paths.clean(directory).replaceAll(".*/", "")) : name;
    }

    private static String normal(String name) {
        String kept = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "");
        return kept.replaceAll("^[_-]+", "");
    }

    /** Adds the project's name as Compose writes it, if the files set one. */
    public Node named(Node document) {
        String name = project.variables().get("COMPOSE_PROJECT_NAME");
        Node own = document.get("name");
        return own == null || name == null ? document : document.put("name", own.with(name));
    }
}
