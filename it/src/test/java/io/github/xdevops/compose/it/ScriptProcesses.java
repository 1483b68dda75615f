package io.github.xdevops.compose.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes on the server that work in one state directory, known by their words. */
final class ScriptProcesses {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String state;

    ScriptProcesses(String state) {
        this.state = state;
    }

    private boolean none() {
        return all().stream().noneMatch(found -> found.words.stream().anyMatch(word -> word.contains(state)));
    }

    /** Waits until all have ended that a dead one may have left working. */
    void awaitNone() {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!none()) {
            if (System.nanoTime() > until) {
                throw new AssertionError(state + ": somebody still works there after " + PATIENCE);
            }
            TestServer.pause(20);
        }
    }

    boolean runs(String verb) {
        return first(verb).isPresent();
    }

    /** Kills the one process that began a verb; what it started goes on. */
    boolean killFirst(String verb) {
        return first(verb).map(found -> kill(found.pid)).orElse(false);
    }

    /** Kills what holds the connection through which a verb was begun: sshd's own process for it. */
    boolean killConnection(String verb) {
        return first(verb).map(found -> kill(found.parent)).orElse(false);
    }

    /** Kills the process that began a verb and all of its session, which is all that it started. */
    boolean killSession(String verb) {
        var first = first(verb);
        if (first.isEmpty()) {
            return false;
        }
        var session = first.get().session;
        var hit = false;
        for (var more = true; more; ) { // a process may have forked meanwhile
            more = false;
            for (var found : all()) {
                if (found.session == session && kill(found.pid)) {
                    more = hit = true;
                }
            }
        }
        return hit;
    }

    /** Kills the Docker Compose that a verb runs, if it does at this moment. */
    boolean killCompose(String verb) {
        var session = first(verb).map(found -> found.session).orElse(-1L);
        return all().stream()
                .filter(found -> found.session == session && found.isCompose())
                .findFirst()
                .map(found -> kill(found.pid))
                .orElse(false);
    }

    private Optional<Found> first(String verb) {
        var runs = all().stream().filter(found -> found.runs(verb, state)).toList();
        return runs.stream()
                .filter(found -> runs.stream().noneMatch(other -> other.pid == found.parent))
                .findFirst();
    }

    private static boolean kill(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
    }

    private static List<Found> all() {
        var all = new ArrayList<Found>();
        try (var directories = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var directory : directories) {
                read(directory).ifPresent(all::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Optional<Found> read(Path directory) {
        try {
            var words = Files.readString(directory.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            var stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals("Z")) {
                return Optional.empty();
            }
            return Optional.of(new Found(
                    Long.parseLong(directory.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[3]),
                    List.of(words.split("\0"))));
        } catch (IOException e) { // it has ended
            return Optional.empty();
        }
    }

    private record Found(long pid, long parent, long session, List<String> words) {
        boolean runs(String verb, String state) {
            return words.size() > 3
                    && words.get(1).contains("/.host/stacks-")
                    && words.get(2).equals(verb)
                    && words.get(3).equals("state=" + state);
        }

        boolean isCompose() {
            return words.get(0).endsWith("docker-compose");
        }
    }
}
