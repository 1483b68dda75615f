package io.github.xdevops.compose.corpus;

import io.github.xdevops.compose.file.load.ComposeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A compose project and notes on it, which are no files of the project:
 *
 * <ul>
 *   <li>{@code args}: arguments of {@code docker compose}, of {@code -f}, {@code --profile} and {@code --env-file}
 *   <li>{@code variables}: the environment of the process
 *   <li>{@code differs}: why our answer is another than that of the newest Compose; {@code Open: …} until we agree
 *   <li>{@code expected} or {@code refused}: the recorded answer of the newest Compose
 *   <li>{@code expected-oldest} or {@code refused-oldest}: that of the oldest supported Compose, where it is another one
 * </ul>
 *
 * @param name unique in the corpus
 * @param home its chapter, or its directory
 * @param files the texts of files and notes by name; of a case in a directory only the notes
 */
public record CorpusCase(String name, Path home, Map<String, String> files) {
    static final List<String> RECORDED = List.of("expected", "refused", "expected-oldest", "refused-oldest");
    static final List<String> NOTES = Stream.concat(Stream.of("args", "variables", "differs"), RECORDED.stream())
            .toList();

    /** Writes the files of the project below a directory, and returns their own one. */
    public Path writeTo(Path scratch) {
        var directory = scratch.resolve(name);
        try {
            Files.createDirectories(directory);
            if (Files.isDirectory(home)) {
                copy(directory);
            }
            for (var file : files.entrySet()) {
                if (!NOTES.contains(file.getKey())) {
                    var target = directory.resolve(file.getKey());
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.writeString(target, file.getValue());
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(Path directory) throws IOException {
        try (var all = Files.walk(home)) {
            for (var from : (Iterable<Path>) all.skip(1)::iterator) {
                var relative = home.relativize(from).toString();
                if (!NOTES.contains(relative)) {
                    Files.copy(from, directory.resolve(relative));
                }
            }
        }
    }

    /** Arguments of {@code docker compose}. */
    public List<String> arguments() {
        return words("args", "\\s+");
    }

    /** The environment of the process. */
    public Map<String, String> variables() {
        var out = new LinkedHashMap<String, String>();
        words("variables", "\n").forEach(line -> out.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        return out;
    }

    /** Why our answer is another than that of the newest Compose. */
    public Optional<String> differs() {
        return Optional.ofNullable(files.get("differs"));
    }

    /** Whether the reason is that we do not agree yet. */
    public boolean isOpen() {
        return differs().orElse("").startsWith("Open: ");
    }

    /** The project as this library is to load it, for a project with this name. */
    public ComposeSource source(Path directory, String project) {
        var compose = new ArrayList<Path>();
        var env = new ArrayList<Path>();
        var profiles = new HashSet<String>();
        var arguments = arguments();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            var value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "-f" -> compose.add(Path.of(value));
                case "--profile" -> profiles.add(value);
                case "--env-file" -> env.add(Path.of(value));
                default -> throw new IllegalArgumentException(arguments.get(i));
            }
        }
        var variables = variables();
        variables.put("COMPOSE_PROJECT_NAME", project);
        return ComposeSource.in(directory)
                .files(compose.toArray(Path[]::new))
                .variables(variables)
                .profiles(profiles)
                .envFiles(env.toArray(Path[]::new));
    }

    /** The recorded answer of the newest Compose. */
    public Answer newest() {
        return answer("").orElseThrow(() -> new IllegalStateException(name + " has no recorded answer: run it/record"));
    }

    /** The recorded answer of the oldest Compose that is supported. */
    public Answer oldest() {
        return answer("-oldest").orElseGet(this::newest);
    }

    private Optional<Answer> answer(String suffix) {
        var expected = Optional.ofNullable(files.get("expected" + suffix)).<Answer>map(Answer.Resolved::parse);
        return expected.or(() -> Optional.ofNullable(files.get("refused" + suffix)).map(Answer.Refused::new));
    }

    Map<String, String> recorded() {
        var out = new LinkedHashMap<>(files);
        out.keySet().retainAll(RECORDED);
        return out;
    }

    /** This case with other recorded answers; a recorded reason stays while both refuse, since Compose words it by chance. */
    public CorpusCase with(Answer newest, Answer oldest) {
        var out = new LinkedHashMap<>(files);
        RECORDED.forEach(out::remove);
        put(out, "", newest);
        if (!Answer.difference(newest, oldest).isEmpty()) {
            put(out, "-oldest", oldest);
        }
        return new CorpusCase(name, home, out);
    }

    private void put(Map<String, String> out, String suffix, Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            out.put("refused" + suffix, files.getOrDefault("refused" + suffix, refused.reason()));
        } else if (answer instanceof Answer.Resolved resolved) {
            out.put("expected" + suffix, resolved.json());
        }
    }

    private List<String> words(String note, String separator) {
        var text = files.getOrDefault(note, "").strip();
        return text.isEmpty() ? List.of() : List.of(text.split(separator));
    }

    @Override
    public String toString() {
        return name;
    }
}
