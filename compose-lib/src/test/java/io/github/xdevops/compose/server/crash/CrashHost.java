package io.github.xdevops.compose.server.crash;

import io.github.xdevops.compose.server.StackRecord;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies on a host at one moment, without what differs from run to run: process numbers, nonces, and the seconds of a time.
 *
 * @param lines one for each file, with its contents
 * @param removed projects of which a teardown has removed something since the run began
 * @param home a copy of the host itself
 */
record CrashHost(List<String> lines, Set<String> removed, Path home) {
    private static final Pattern TIME = Pattern.compile("\\b\\d{10}\\b");
    /** Coarse, so that two runs agree; every lifetime in the test is a multiple of it. */
    private static final int GRAIN = 4000;

    private static final List<String> KINDS = List.of("containers", "networks", "volumes");
    /** Files of the sweeper and of waiting, which say nothing about a stack. */
    private static final Set<String> ASIDE =
            Set.of(".locks", ".host", ".clock", ".brake", ".housekeeping", "sweep-status.json", ".sweep-status.new");

    private static final Set<String> ONLY_NAMED = Set.of("deploy.log", "sweep-failures", ".history");

    static CrashHost read(Path home) throws IOException {
        var lines = new TreeSet<String>();
        var state = home.resolve(".yourlabs.compose");
        try (Stream<Path> files = Files.exists(state) ? Files.walk(state) : Stream.empty()) {
            for (var file : (Iterable<Path>) files.filter(file -> !file.equals(state))::iterator) {
                var path = state.relativize(file);
                var top = path.getName(0).toString();
                if (ASIDE.contains(top)) {
                    continue;
                }
                if (top.equals(".staging") || top.equals(".trash")) {
                    // Nobody reads there again; whatever it is has to go by age.
                    if (path.getNameCount() > 1) {
                        lines.add(top + " is not empty");
                    }
                } else if (Files.isDirectory(file)) {
                    lines.add(name(path) + "/");
                } else {
                    var last = file.getFileName().toString();
                    var silent = ONLY_NAMED.contains(last) || last.endsWith(".new") || last.startsWith(".clock.");
                    lines.add(name(path) + (silent ? "" : " " + contents(file)));
                }
            }
        }
        for (var kind : KINDS) {
            for (var file : list(home.resolve("stub").resolve(kind))) {
                lines.add("docker " + kind + " " + file.getFileName() + " " + contents(file));
            }
        }
        for (var file : list(home.resolve("stub"))) {
            if (file.getFileName().toString().startsWith("stuck.")) {
                lines.add("docker " + file.getFileName());
            }
        }
        return new CrashHost(List.copyOf(lines), Set.copyOf(read(home, "removed")), home);
    }

    /** Calls of docker that the stand-in does not know. */
    List<String> unknownCalls() throws IOException {
        return read(home, "unknown");
    }

    private static List<String> read(Path home, String file) throws IOException {
        var path = home.resolve("stub").resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    String key() {
        return Sha256.hex(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    /** What a user can tell: not which images and pipelines the server remembers. */
    List<String> essence() {
        return lines.stream()
                .filter(line -> !line.startsWith(".gone") && !line.startsWith(".images"))
                .toList();
    }

    /** Everything of one project. */
    List<String> of(String project) {
        return lines.stream()
                .filter(line -> line.startsWith(project + "/") || isResource(line, project))
                .toList();
    }

    static boolean isResource(String line, String project) {
        return line.matches("(?s)docker \\w+ " + project + "[-_].*");
    }

    boolean hasLease(String project) throws IOException {
        var lease = record(project).resolve("removeat");
        return Files.isRegularFile(lease) && isLease(Files.readString(lease));
    }

    static boolean isLease(String text) {
        return text.matches("[0-9]{1,12}\n");
    }

    private Path record(String project) {
        return home.resolve(".yourlabs.compose").resolve(project);
    }

    /** What must not be, whatever was killed: a kind and a sentence each. */
    List<CrashFault> faults() throws IOException {
        var faults = new ArrayList<CrashFault>();
        for (var kind : KINDS) {
            for (var file : list(home.resolve("stub").resolve(kind))) {
                var project = Files.readString(file).split("\\s", 2)[0];
                if (!hasLease(project) && !Files.exists(record(project).resolve("removing"))) {
                    faults.add(new CrashFault(
                            CrashFault.Kind.LEAK, kind + " " + file.getFileName() + " without lease or tombstone"));
                }
            }
        }
        for (var record : list(home.resolve(".yourlabs.compose"))) {
            if (Files.isDirectory(record) && !record.getFileName().toString().startsWith(".")) {
                halfWritten(record, faults);
            }
        }
        return faults;
    }

    private static void halfWritten(Path record, List<CrashFault> faults) throws IOException {
        for (var file : list(record)) {
            if (Files.isDirectory(file)) {
                continue; // of mounted files
            }
            var text = text(file);
            var whole = switch (file.getFileName().toString()) {
                case "removeat" -> isLease(text);
                case "docker-compose.yml", "docker-compose.previous.yml" -> CrashOperation.VERSIONS.contains(text);
                case "manifest.json" -> isManifest(text);
                default -> true;
            };
            if (!whole) {
                faults.add(new CrashFault(
                        CrashFault.Kind.HALF_WRITTEN,
                        record.getFileName() + "/" + file.getFileName() + " is `" + text + "`"));
            }
        }
    }

    private static boolean isManifest(String text) {
        try {
            return Set.of("deploying", "live", "failed")
                    .contains(String.valueOf(StackRecord.parse(text).get("state")));
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().collect(Collectors.toList());
        }
    }

    private static String name(Path path) {
        return path.toString().replaceAll("nonce\\d+", "NONCE").replaceAll("(\\.\\d+)+(?=/|$)", ".NUMBER");
    }

    private static String contents(Path file) throws IOException {
        var now = System.currentTimeMillis() / 1000;
        var text = text(file).replaceAll("nonce\\d+", "NONCE").replaceAll("\"generation\": \\d+", "\"generation\": G");
        return TIME.matcher(text).replaceAll(match -> {
            var seconds = Long.parseLong(match.group()) - now;
            return seconds < -GRAIN ? "PAST" : "NOW+" + Math.floorDiv(seconds + GRAIN / 2, GRAIN);
        });
    }

    /** Perhaps with the archive of mounted files behind it, which is no text. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
