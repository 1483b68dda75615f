package io.github.xdevops.compose.server.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a script's verbs on hosts of files, kills them at any command, and remembers what became of which host: hosts that are
 * alike are run once.
 */
final class CrashLab implements AutoCloseable {
    /** A script that has the arguments to run, in a session of its own, with descriptor 4 for its caller to wait for. */
    private static final String LAUNCH = """
            exec 4>&1
            read -r _ _ _ _ _ CRASH_SESSION _ </proc/self/stat
            export CRASH_SESSION
            [ -z "$CRASH_RUN" ] || true >"$CRASH_RUN/group.$$"
            exec "$@"
            """;

    private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    /** A moment at which a script may die: before or after a command, or within docker. */
    record Point(String id, String command) {}

    /** What a death at that moment leaves. */
    record Crash(Point point, CrashHost host) {}

    private final Path root;
    private final List<String> shell;
    private final Path script;
    private final String applets;
    private final ConcurrentMap<String, CrashHost> hosts = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, FutureTask<CrashHost>> runs = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, FutureTask<List<Crash>>> copies = new ConcurrentHashMap<>();
    private final AtomicInteger launched = new AtomicInteger();

    CrashLab(String shell, String text) throws IOException {
        var shm = Path.of("/dev/shm");
        this.root = Files.isWritable(shm)
                ? Files.createTempDirectory(shm, "crash-enumeration")
                : Files.createTempDirectory("crash-enumeration");
        this.shell = new ArrayList<>(List.of(shell.split(" ")));
        var interpreter = tool(this.shell.get(0));
        this.shell.set(0, interpreter.toString());
        this.applets = shell.startsWith("busybox") ? applets(interpreter, text) : "";
        this.script = Files.writeString(
                root.resolve("script"),
                prelude() + text.replace("/bin/sh", String.join(" ", this.shell)),
                StandardCharsets.UTF_8);
        linkCommands(text);
    }

    static boolean hasShell(String shell) {
        return PLACES.stream().anyMatch(place -> Files.isExecutable(place.resolve(shell.split(" ")[0])));
    }

    private static Path tool(String name) {
        return PLACES.stream()
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is not installed"));
    }

    /** Every command that the script may name, once as it is and once behind the counter. */
    private void linkCommands(String text) throws IOException {
        var plain = Files.createDirectory(root.resolve("plain"));
        var counted = Files.createDirectory(root.resolve("counted"));
        var command = executable("command");
        var docker = executable("docker");
        var builtin = Set.of("sh", "dash", "bash", "busybox", "test", "true", "false", "printf", "echo", "kill", "pwd");
        var names = new TreeSet<>(List.of(text.split("[^a-z0-9]+")));
        names.remove("");
        names.removeAll(builtin);
        for (var name : names) {
            var place = PLACES.stream()
                    .map(p -> p.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (place.isPresent() && !name.equals("docker") && !name.equals("sleep")) {
                Files.createSymbolicLink(plain.resolve(name), place.get());
                Files.createSymbolicLink(counted.resolve(name), command);
            }
        }
        for (var name : List.of("docker", "sleep", "step")) {
            Files.createSymbolicLink(counted.resolve(name), command);
        }
        Files.createSymbolicLink(counted.resolve("true"), tool("true"));
        Files.createSymbolicLink(plain.resolve("true"), tool("true"));
        Files.createSymbolicLink(plain.resolve("docker"), docker);
        Files.createSymbolicLink(plain.resolve("sleep"), command);
        Files.createSymbolicLink(plain.resolve("step"), tool("true"));
    }

    private Path executable(String resource) throws IOException {
        var target = root.resolve("the-" + resource);
        try (var in = CrashLab.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in, resource), target);
        }
        return Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    }

    /** The commands that busybox has in itself, without those of the shell's own. */
    private static String applets(Path busybox, String text) throws IOException {
        var process = new ProcessBuilder(busybox.toString(), "--list").start();
        // Its timeout outlives what it watched by a second, so that one is not taken.
        var others = Set.of("sh", "ash", "test", "true", "false", "printf", "echo", "kill", "pwd", "timeout", "sleep");
        var words = Set.copyOf(new TreeSet<>(List.of(text.split("[^a-z0-9]+"))));
        try (var out = process.inputReader()) {
            return out.lines()
                    .filter(name -> words.contains(name) && !others.contains(name))
                    .collect(Collectors.joining(" "));
        }
    }

    /** Busybox prefers its own commands to those of PATH, so they have to be named. */
    private String prelude() {
        if (!shell.get(0).endsWith("busybox")) {
            return "";
        }
        var always = Stream.of("timeout", "sleep");
        var counted = Stream.of(applets.split(" "));
        return always.map(CrashLab::function).collect(Collectors.joining())
                + "if [ -n \"$CRASH_RUN\" ]; then\n"
                + counted.map(CrashLab::function).collect(Collectors.joining())
                + "fi\n";
    }

    private static String function(String name) {
        return name + "() { \"${PATH%%:*}/" + name + "\" \"$@\"; }\n";
    }

    /** How many times a script was started. */
    int launched() {
        return launched.get();
    }

    /** How many different hosts were met. */
    int hosts() {
        return hosts.size();
    }

    /** A host on which nothing is. */
    CrashHost empty() throws IOException {
        var run = newRun();
        Files.createDirectories(run.resolve("home/stub"));
        return keepOf(run);
    }

    /** A host after somebody has changed its files. */
    CrashHost edit(CrashHost from, Edit edit) throws IOException {
        var run = copy(from);
        edit.change(run.resolve("home"));
        return keepOf(run);
    }

    interface Edit {
        void change(Path home) throws IOException;
    }

    /** The host after a run that nobody disturbed. */
    CrashHost run(CrashHost from, CrashOperation operation) {
        return once(runs, from, operation, () -> {
            var run = copy(from);
            launch(run, operation, Map.of("CRASH_RUN", ""), "plain");
            return keepOf(run);
        });
    }

    /** What lies on the host at every point, by copies made while it runs. */
    List<Crash> copies(CrashHost from, CrashOperation operation) {
        return once(copies, from, operation, () -> {
            var run = copy(from);
            var trace = Files.createDirectory(run.resolve("trace"));
            var copied = Files.createDirectory(run.resolve("copies"));
            launch(run, operation, Map.of("CRASH_RUN", trace.toString(), "CRASH_COPIES", copied.toString()), "counted");
            var crashes = new ArrayList<Crash>();
            for (var point : read(trace).entrySet()) {
                for (var when : List.of("before", "after")) {
                    var copy = copied.resolve(point.getKey() + "." + when);
                    if (Files.exists(copy)) {
                        crashes.add(new Crash(new Point(point.getKey() + "." + when, point.getValue()), keep(copy)));
                    }
                }
            }
            delete(run);
            return crashes;
        });
    }

    /** What lies on the host after everything of the script was killed at a point. */
    CrashHost kill(CrashHost from, CrashOperation operation, Point point) throws Exception {
        var run = copy(from);
        var trace = Files.createDirectory(run.resolve("trace"));
        var said = launch(run, operation, Map.of("CRASH_RUN", trace.toString(), "CRASH_AT", point.id()), "counted");
        if (!Files.exists(trace.resolve("died"))) {
            throw new IllegalStateException(operation.name() + " did not come to " + point + " but to "
                    + read(trace).keySet() + " and said: " + said);
        }
        return keepOf(run);
    }

    private static Map<String, String> read(Path trace) throws IOException {
        var points = new HashMap<String, String>();
        try (Stream<Path> files = Files.list(trace)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var name = file.getFileName().toString();
                if (name.startsWith("point.")) {
                    points.put(
                            name.substring("point.".length()),
                            Files.readString(file).strip());
                }
            }
        }
        var sorted = new LinkedHashMap<String, String>();
        points.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, String> point) ->
                                point.getKey().length())
                        .thenComparing(Map.Entry::getKey))
                .forEach(point -> sorted.put(point.getKey(), point.getValue()));
        return sorted;
    }

    private <T> T once(
            ConcurrentMap<String, FutureTask<T>> memory, CrashHost from, CrashOperation operation, Callable<T> work) {
        var key = operation.name() + " " + from.key();
        var task = memory.computeIfAbsent(key, k -> new FutureTask<>(work));
        task.run();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(operation.name(), e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String launch(Path run, CrashOperation operation, Map<String, String> crash, String commands)
            throws Exception {
        var home = run.resolve("home");
        operation.prepare(home);
        var command = new ArrayList<>(List.of(tool("setsid").toString(), "/bin/sh", "-c", LAUNCH, "sh"));
        command.addAll(shell);
        command.addAll(List.of(script.toString(), operation.verb(), "nonce=nonce" + launched.incrementAndGet()));
        command.addAll(operation.words());
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("HOME", home.toString());
        environment.put("STUB", home.resolve("stub").toString());
        environment.put("PATH", root.resolve(commands).toString());
        environment.put("CRASH_DOCKER", root.resolve("the-docker").toString());
        environment.put("CRASH_APPLETS", applets);
        environment.put("CRASH_BUSYBOX", shell.get(0));
        environment.put("CRASH_COPIES", "");
        environment.put("CRASH_AT", "");
        environment.putAll(crash);
        var process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(operation.bundle());
        } catch (IOException e) {
            // who does not read its input, or is dead already
        }
        // Every process of the run holds the pipe, so its end is the end of all.
        var said = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return said.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException(operation.name() + " with " + crash + " did not end", e);
        } finally {
            process.waitFor();
        }
    }

    private Path newRun() throws IOException {
        return Files.createTempDirectory(root, "run");
    }

    private Path copy(CrashHost from) throws IOException {
        var run = newRun();
        var home = run.resolve("home");
        try (Stream<Path> files = Files.walk(from.home())) {
            for (var file : (Iterable<Path>) files::iterator) {
                Files.copy(file, home.resolve(from.home().relativize(file).toString()));
            }
        }
        Files.deleteIfExists(home.resolve("stub/removed"));
        Files.deleteIfExists(home.resolve("stub/unknown"));
        return run;
    }

    private CrashHost keepOf(Path run) throws IOException {
        var host = keep(run.resolve("home"));
        delete(run);
        return host;
    }

    /** Remembers a host, or takes it for one that is alike. */
    private CrashHost keep(Path home) throws IOException {
        var host = CrashHost.read(home);
        var unknown = host.unknownCalls();
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("the stand-in for docker does not know: " + unknown);
        }
        var known = hosts.computeIfAbsent(host.key(), key -> {
            try {
                return new CrashHost(host.lines(), Set.of(), Files.move(home, root.resolve("host-" + key)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new CrashHost(known.lines(), host.removed(), known.home());
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(root);
    }
}
