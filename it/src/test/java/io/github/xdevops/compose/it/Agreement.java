package io.github.xdevops.compose.it;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.it.Oracle.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds one directory against Compose.
 *
 * <p>A file {@code args} holds arguments of {@code docker compose} ({@code -f}, {@code --profile}, {@code --env-file}), a file
 * {@code variables} the process environment, a file {@code differs} the reason why we differ and are right.
 */
final class Agreement {

    private final Oracle oracle;
    private int refused;

    Agreement(Oracle oracle) {
        this.oracle = oracle;
    }

    /** How many files both refused so far. */
    synchronized int refused() {
        return refused;
    }

    /** An empty string when both agree, else where they do not. */
    String check(Path directory) {
        List<String> arguments = words(directory.resolve("args"), "\\s+");
        Map<String, String> variables = new LinkedHashMap<>();
        words(directory.resolve("variables"), "\n")
                .forEach(line -> variables.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        Answer answer = oracle.config(directory, arguments, variables, "yaml");
        Map<String, String> ours = new LinkedHashMap<>(variables);
        ours.put("COMPOSE_PROJECT_NAME", Oracle.PROJECT);
        ComposeFile file;
        try {
            file = ComposeFile.load(source(directory, arguments, ours));
        } catch (ComposeFileException e) {
            if (answer.tree() == null) {
                count();
                return "";
            }
            return "we refuse: " + e.getMessage();
        }
        if (answer.tree() == null) {
            return "only Compose refuses: " + answer.complaint().strip();
        }
        Map<String, Object> tree = new LinkedHashMap<>(file.tree());
        tree.remove("name");
        String first = Differences.first(
                "",
                Differences.undone(answer.tree()),
                tree,
                () -> Differences.singleDollars(
                        oracle.config(directory, arguments, variables, "json").tree()));
        return first.isEmpty() ? emitted(file, tree) : first;
    }

    private synchronized void count() {
        refused++;
    }

    /** What we emit says the same once more, to us and to Compose, without a variable or another file. */
    private String emitted(ComposeFile file, Map<String, Object> tree) {
        String text = file.text();
        if (!ComposeFile.parse(text, "emitted").text().equals(text)) {
            return "our own text does not read as itself";
        }
        try {
            Path directory = Files.createTempDirectory("emitted");
            Files.writeString(directory.resolve("compose.yaml"), text);
            List<String> all = List.of("--profile", "*");
            Answer answer = oracle.config(directory, all, Map.of(), "yaml");
            if (answer.tree() == null) {
                return "Compose refuses our text: " + answer.complaint().strip();
            }
            String first = Differences.first(
                    "",
                    Differences.undone(answer.tree()),
                    tree,
                    () -> Differences.singleDollars(
                            oracle.config(directory, all, Map.of(), "json").tree()));
            Files.delete(directory.resolve("compose.yaml"));
            Files.delete(directory);
            return first.isEmpty() ? "" : "Compose reads our text differently: " + first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ComposeSource source(Path directory, List<String> arguments, Map<String, String> variables) {
        List<Path> files = new ArrayList<>();
        List<Path> envFiles = new ArrayList<>();
        Set<String> profiles = new HashSet<>();
        Path home = directory;
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            String value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "-f" -> files.add(Path.of(value));
                case "--profile" -> profiles.add(value);
                case "--env-file" -> envFiles.add(Path.of(value));
                default -> throw new IllegalArgumentException(arguments.get(i));
            }
        }
        return ComposeSource.in(home)
                .files(files.toArray(Path[]::new))
                .variables(variables)
                .profiles(profiles)
                .envFiles(envFiles.toArray(Path[]::new));
    }

    private static List<String> words(Path file, String separator) {
        try {
            String text = Files.exists(file) ? Files.readString(file).strip() : "";
            return text.isEmpty() ? List.of() : List.of(text.split(separator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
