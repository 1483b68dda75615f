package io.github.xdevops.compose.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What really lies on the server of one project, read without the library. */
final class Truth {
    private static final Duration ROUTED = Duration.ofSeconds(60);
    private static final Set<String> RECORD = Set.of("docker-compose.yml", "removeat", "manifest.json", "deploy.log");

    private final TestServer server;
    private final String project;
    private final String url;
    private final Path record;
    private String data = "";

    Truth(TestServer server, String state, KilledStack stack) {
        this.server = server;
        this.project = stack.project();
        this.url = stack.url();
        this.record = server.home().resolve(state).resolve(project);
    }

    /** Everything of the project that no record with a lease or a mark of removal answers for; nothing, whenever it is asked. */
    List<String> unguarded() {
        // A record may come or go while the engine is asked, but the first before and the last after everything else.
        var before = guarded();
        var found = server.remains(project);
        return before || guarded() ? List.of() : found;
    }

    /** What differs from a stack that runs, serves this version, and has a lease of at most so long. */
    List<String> notLive(String version, Duration lease) {
        var differences = new ArrayList<String>();
        compare(
                differences,
                "containers",
                "[%1$s-web-1 running, %1$s-worker-1 running]".formatted(project),
                found("ps", "-a", "--format", "{{.Names}} {{.State}}"));
        compare(differences, "networks", "[" + project + "_default]", found("network", "ls", "--format", "{{.Name}}"));
        compare(differences, "volumes", "[" + project + "_data]", found("volume", "ls", "--format", "{{.Name}}"));
        var files = files();
        // A worker that is killed may leave none of these, and nothing is amiss.
        files.removeAll(List.of(".standing", ".history"));
        files.remove(".definitions");
        compare(differences, "record", new TreeSet<>(RECORD).toString(), files.toString());
        var left = lease().map(end -> end - System.currentTimeMillis() / 1000).orElse(-1L);
        if (left <= 0 || left > lease.toSeconds()) {
            differences.add("lease: ends in " + left + " s instead of at most " + lease.toSeconds());
        }
        if (!text("manifest.json").contains("\"state\": \"live\"")) {
            differences.add("manifest: " + text("manifest.json").replace('\n', ' '));
        }
        compare(differences, "page", version, page(url, version));
        var first = page(url + "first", data);
        if (data.isEmpty()) {
            data = first;
        }
        compare(differences, "data in the volume", data, first);
        return differences;
    }

    /** What is left of a stack that should be gone. */
    List<String> notGone() {
        data = "";
        var left = new ArrayList<>(server.remains(project));
        if (Files.exists(record)) {
            left.add("record " + files());
        }
        return left;
    }

    /** Whether a record is there. */
    boolean recorded() {
        return Files.isDirectory(record);
    }

    /** The Compose file in the record. */
    String composeFile() {
        return text("docker-compose.yml");
    }

    /** Puts the end of the lease into the past, and that of the pause after a sweep that failed. */
    void expire() throws IOException {
        if (recorded()) {
            Files.writeString(record.resolve("removeat"), "1000000000\n");
            Files.deleteIfExists(record.resolve("sweep-failures"));
        }
    }

    private boolean guarded() {
        return Files.exists(record.resolve("removing")) || lease().isPresent();
    }

    private Optional<Long> lease() {
        var text = text("removeat").strip();
        return text.matches("[0-9]{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private String page(String page, String expected) {
        var until = System.nanoTime() + ROUTED.toNanos();
        while (true) {
            var text = server.page(page).orElse("");
            var there = expected.isEmpty() ? !text.isEmpty() : text.equals(expected);
            if (there || System.nanoTime() > until) {
                return text;
            }
            TestServer.pause(50);
        }
    }

    private String found(String... command) {
        var words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--filter", "label=com.docker.compose.project=" + project));
        return server.docker(words.toArray(String[]::new))
                .lines()
                .sorted()
                .toList()
                .toString();
    }

    private Set<String> files() {
        try (var files = Files.list(record)) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }

    private String text(String file) {
        try {
            return Files.readString(record.resolve(file));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compare(List<String> differences, String what, String expected, String found) {
        if (!found.equals(expected)) {
            differences.add(what + ": " + found + " instead of " + expected);
        }
    }
}
