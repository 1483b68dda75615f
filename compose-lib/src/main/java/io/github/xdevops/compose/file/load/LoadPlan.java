package io.github.xdevops.compose.file.load;

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
 * The files, variables, profiles and name that a source stands for.
 *
 * @param files absolute names of the compose files
 */
public record LoadPlan(List<String> files, Project project) {

    private static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

    /** Whether a text may have a key {@code name}; reading it twice is for those that do. */
    private static final Pattern NAMED = Pattern.compile("(^|[\\s{,?\"'])name[\"']?\\s*:");

    public static LoadPlan of(ComposeSource source) {
        String directory = source.directory().toString();
        ProjectReader disk = new ProjectReader(directory, source.confined(), source.templating());
        Map<String, String> values = variables(source, disk);
        List<String> files = files(source, values.getOrDefault("COMPOSE_FILE", ""));
        Set<String> profiles =
                source.profiles().isEmpty() ? words(values.getOrDefault("COMPOSE_PROFILES", "")) : source.profiles();
        values.computeIfAbsent("COMPOSE_PROJECT_NAME", key -> name(files, directory, values, disk));
        Map<String, String> fixed = Map.copyOf(values);
        return new LoadPlan(
                files,
                new Project(directory, Variables.of(fixed).or(Variables.refusing(source.withheld())), profiles, disk));
    }

    static Map<String, String> variables(ComposeSource source, ProjectReader disk) {
        List<String> files = new ArrayList<>();
        source.envFiles()
                .forEach(file -> files.add(source.directory().resolve(file).toString()));
        String usual = source.directory().resolve(".env").toString();
        if (files.isEmpty() && disk.isFile(usual)) {
            files.add(usual);
        }
        Variables given = Variables.of(source.variables());
        Variables refused = Variables.refusing(source.withheld());
        Map<String, String> out = new LinkedHashMap<>();
        for (String file : files) {
            byte[] bytes = disk.bytes(file, Mark.of(disk.shown(file)), KeyPath.ROOT);
            out.putAll(DotEnv.parse(
                    bytes, disk.shown(file), given.or(Variables.of(out)).or(refused)));
        }
        out.putAll(source.variables());
        return out;
    }

    private static List<String> files(ComposeSource source, String listed) {
        List<String> files = new ArrayList<>();
        source.files()
                .forEach(file -> files.add(source.directory().resolve(file).toString()));
        if (files.isEmpty()) {
            for (String file : listed.split(":", -1)) {
                if (!file.isEmpty()) {
                    files.add(source.directory().resolve(file).toString());
                }
            }
        }
        for (String name : NAMES) {
            Path file = source.directory().resolve(name);
            if (files.isEmpty() && Files.exists(file)) {
                files.add(file.toString());
            }
        }
        if (files.isEmpty()) {
            throw ComposeFileException.at(
                    Mark.of(source.directory().toString()),
                    "no compose file here; looked for " + String.join(", ", NAMES));
        }
        return files;
    }

    private static Set<String> words(String list) {
        return Set.copyOf(List.of(list.split(",", -1)).stream()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList());
    }

    /** The project's name, which the files may use as a variable: the last {@code name} in them, or the directory's. */
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
                Node read =
                        new Interpolation(Variables.of(values), new Warnings()).apply(own, KeyPath.ROOT.key("name"));
                name = normal(read.text()).isEmpty() ? name : normal(read.text());
            }
        }
        return name.isEmpty() ? normal(Paths.clean(directory).replaceAll(".*/", "")) : name;
    }

    private static String normal(String name) {
        String kept = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "");
        return kept.replaceAll("^[_-]+", "");
    }

    /** The document with its name as Compose writes it, where the files give it one. */
    public Node named(Node document) {
        String name = project.variables().get("COMPOSE_PROJECT_NAME");
        Node own = document.get("name");
        return own == null || name == null ? document : document.put("name", own.with(name));
    }
}
