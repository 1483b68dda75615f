package io.github.xdevops.compose.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All cases. A chapter is a text archive {@code NAME.txt} whose members are {@code CASE/FILE}; a case that an archive cannot hold is
 * a directory beside the chapters.
 */
public final class Corpus {
    private static final Path DIRECTORY = Path.of("../compose-lib/src/test/resources/corpus");

    private static final Path VERSIONS = DIRECTORY.resolve("versions");

    private Corpus() {}

    /** The versions of Compose whose answers are recorded. */
    public record Versions(String oldest, String newest) {}

    /** The versions of Compose whose answers are recorded. */
    public static Versions versions() throws IOException {
        var words = Files.readString(VERSIONS).strip().split(" ");
        return new Versions(words[0], words[1]);
    }

    /** Every case, sorted by name within its chapter. */
    public static List<CorpusCase> cases() {
        var out = new ArrayList<CorpusCase>();
        for (var home : list()) {
            if (Files.isDirectory(home)) {
                out.add(new CorpusCase(home.getFileName().toString(), home, read(home)));
            } else {
                chapter(home).forEach((name, files) -> out.add(new CorpusCase(name, home, files)));
            }
        }
        return out;
    }

    /** Writes all cases, as answered by these versions, to their chapters and directories. */
    public static void record(List<CorpusCase> cases, Versions versions) throws IOException {
        Files.writeString(VERSIONS, versions.oldest() + " " + versions.newest() + "\n");
        var chapters = new TreeMap<Path, Map<String, String>>();
        for (var one : cases) {
            if (Files.isDirectory(one.home())) {
                for (var note : CorpusCase.RECORDED) {
                    Files.deleteIfExists(one.home().resolve(note));
                }
                for (var note : one.recorded().entrySet()) {
                    Files.writeString(one.home().resolve(note.getKey()), note.getValue());
                }
            } else {
                var members = chapters.computeIfAbsent(one.home(), home -> new LinkedHashMap<>());
                one.files().forEach((name, text) -> members.put(one.name() + "/" + name, text));
            }
        }
        for (var chapter : chapters.entrySet()) {
            var introduction = TextArchive.read(chapter.getKey()).introduction();
            new TextArchive(introduction, chapter.getValue()).write(chapter.getKey());
        }
    }

    private static List<Path> list() {
        try (var all = Files.list(DIRECTORY)) {
            return all.filter(path -> Files.isDirectory(path) || path.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Map<String, String>> chapter(Path home) {
        try {
            var out = new TreeMap<String, Map<String, String>>();
            TextArchive.read(home).files().forEach((member, text) -> {
                var name = member.split("/", 2);
                out.computeIfAbsent(name[0], any -> new LinkedHashMap<>()).put(name[1], text);
            });
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The notes of a directory; its other files need not be text. */
    private static Map<String, String> read(Path home) {
        try {
            var out = new LinkedHashMap<String, String>();
            for (var note : CorpusCase.NOTES) {
                if (Files.exists(home.resolve(note))) {
                    out.put(note, Files.readString(home.resolve(note)));
                }
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
