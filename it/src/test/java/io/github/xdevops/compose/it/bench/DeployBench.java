package io.github.xdevops.compose.it.bench;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/**
 * Times the redeploy of an unchanged stack of one service in several ways, interleaved round by round, so that a busy machine
 * is busy for all of them.
 */
final class DeployBench {
    private static final int WARM_UP = 4;
    /** Nothing but our plugin: what else a project has would count for Maven, not for us. */
    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>bench</artifactId>
              <version>1</version>
              <build>
                <plugins>
                  <plugin>
                    <groupId>io.github.xdevops.compose</groupId>
                    <artifactId>compose-maven-plugin</artifactId>
                    <version>%s</version>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
            """;

    private static final String PLAYBOOK = """
            - hosts: all
              gather_facts: false
              tasks:
                - file: {path: "{{ project }}", state: directory}
                - copy: {src: "{{ file }}", dest: "{{ project }}/docker-compose.yml"}
                - command: docker compose -p {{ project }} -f {{ project }}/docker-compose.yml up -d
            """;

    private static final String QUICK = "-XX:TieredStopAtLevel=1";
    private static final Map<String, String> QUICKLY = Map.of("MAVEN_OPTS", QUICK);
    private static final int DELAY = 50; // ms, each way

    private final BenchServer server = BenchServer.fromVariables();
    private final String suffix = "-" + ProcessHandle.current().pid();
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<String> byHand = new ArrayList<>();
    private final List<String> ours = new ArrayList<>();
    private final Path work;
    private final Path repository;
    private final String ansible;
    private final Path shop;

    private DeployBench(Path work, Path repository, String ansible) {
        this.work = work.toAbsolutePath();
        this.repository = repository.toAbsolutePath();
        this.ansible = ansible;
        this.shop = this.work.resolve("shop");
    }

    /**
     * Arguments: an empty directory to work in, the Maven repository with the plugin, the plugin's version, the report, rounds, and
     * the command ansible-playbook or nothing.
     */
    public static void main(String[] arguments) throws IOException {
        var bench = new DeployBench(Path.of(arguments[0]), Path.of(arguments[1]), arguments[5]);
        Runtime.getRuntime().addShutdownHook(new Thread(bench::takeDown));
        bench.prepare(arguments[2]);
        var report = bench.run(Integer.parseInt(arguments[4]));
        Files.writeString(Path.of(arguments[3]), report);
        System.out.print(report);
    }

    private void prepare(String version) throws IOException {
        Files.createDirectories(shop);
        Files.writeString(shop.resolve("pom.xml"), POM.formatted(version));
        Files.writeString(shop.resolve("compose.yaml"), COMPOSE);
        Files.writeString(shop.resolve(".gitignore"), "target/\n");
        git("init", "-q", "-b", "bench");
        git("remote", "add", "origin", "git@git.example.com:acme/bench.git");
        git("add", "-A");
        git("-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-qm", "The shop");

        var far = server.behind(new DelayingRelay(Integer.parseInt(server.port()), DELAY), work);
        add("a", "OpenSSH: upload and `docker compose up -d` in one session", byHand(server, "bench-hand"));
        add("b", "`docker compose up -d` with the engine at `ssh://…`", overContext());
        add("c", "`mvn -q -o validate`, whole process", maven("validate", Map.of())::run);
        add(
                "d",
                "the library in a warm JVM: render, connect, log in, deploy, close",
                withLibrary(server, "bench-library"));
        add("e", "`mvn -q -o compose:deploy`, whole process", withGoal(server, "bench-goal", Map.of())::run);
        add(
                "w",
                "`mvn -q -o compose:whoami`, whole process, which asks no server",
                maven("compose:whoami", Map.of())::run);
        add("C", "as c, with `" + QUICK + "` in MAVEN_OPTS", maven("validate", QUICKLY)::run);
        add("E", "as e, with `" + QUICK + "` in MAVEN_OPTS", withGoal(server, "bench-quick", QUICKLY)::run);
        var distance = ", " + DELAY + " ms away";
        add("af", "as a" + distance, byHand(far, "bench-hand-far"));
        add("df", "as d" + distance, withLibrary(far, "bench-library-far"));
        add("ef", "as e" + distance, withGoal(far, "bench-goal-far", Map.of())::run);
        if (!ansible.isEmpty()) {
            add("f", "Ansible: a playbook that does what a does", withAnsible("bench-ansible"));
        }
    }

    private void add(String name, String title, Runnable work) {
        candidates.add(new Candidate(name, title, work, new Times()));
    }

    private String run(int rounds) {
        var before = load();
        var order = new ArrayList<>(candidates);
        for (var round = -WARM_UP; round < rounds; round++) {
            System.err.printf("%s %d%n", round < 0 ? "warm-up" : "round", round < 0 ? round + WARM_UP + 1 : round + 1);
            Collections.rotate(order, 1); // nobody is always the first
            for (var candidate : order) {
                (round < 0 ? new Times() : candidate.times).measure(candidate.work);
            }
        }
        return report(rounds, before);
    }

    /** One session that uploads the file and brings it up: what nobody can beat. */
    private Runnable byHand(BenchServer server, String name) throws IOException {
        var project = name + suffix;
        var file = file(project);
        var remote =
                "mkdir -p %1$s && cat >%1$s/docker-compose.yml && docker compose -p %1$s -f %1$s/docker-compose.yml up -d"
                        .formatted(project);
        byHand.add(project);
        return new Tool(work, Map.of(), file.toFile(), ssh(server, remote).command())::run;
    }

    private Runnable withAnsible(String name) throws IOException {
        var project = name + suffix;
        byHand.add(project);
        var playbook = Files.writeString(work.resolve("playbook.yml"), PLAYBOOK);
        var options = server.sshOptions().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        var variables = Map.of("ANSIBLE_SSH_ARGS", options, "ANSIBLE_PIPELINING", "true", "LC_ALL", "C.UTF-8");
        return new Tool(
                work,
                variables,
                Tool.NOTHING,
                List.of(
                        ansible,
                        "-i",
                        server.host() + ",",
                        "-u",
                        server.user(),
                        "-e",
                        "ansible_port=" + server.port(),
                        "-e",
                        "ansible_python_interpreter=auto_silent",
                        "-e",
                        "project=" + project,
                        "-e",
                        "file=" + file(project),
                        playbook.toString()))::run;
    }

    private Path file(String project) throws IOException {
        return Files.writeString(work.resolve(project + ".yml"), stack(project).text());
    }

    /** The client here, the engine there; no file is left on the server. */
    private Runnable overContext() throws IOException {
        var project = "bench-context" + suffix;
        var file = file(project);
        byHand.add(project);
        // The docker command takes ssh from the PATH and no options for it.
        var bin = Files.createDirectories(work.resolve("bin"));
        var wrapper = bin.resolve("ssh");
        Files.writeString(
                wrapper, "#!/bin/sh\nexec /usr/bin/ssh '" + String.join("' '", server.sshOptions()) + "' \"$@\"\n");
        if (!wrapper.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + wrapper + " executable");
        }
        var variables = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        return new Tool(
                work,
                variables,
                Tool.NOTHING,
                List.of(
                        server.docker(),
                        "-H",
                        "ssh://" + server.address(),
                        "compose",
                        "-p",
                        project,
                        "-f",
                        file.toString(),
                        "up",
                        "-d"))::run;
    }

    private Runnable withLibrary(BenchServer server, String name) {
        var project = name + suffix;
        ours.add(project);
        return () -> {
            var stack = stack(project);
            try (var stacks = server.connect()) {
                stacks.deploy(stack, Progress.NONE);
            }
        };
    }

    private Tool withGoal(BenchServer server, String name, Map<String, String> variables) {
        ours.add(name + suffix);
        return maven("compose:deploy", variables)
                .with(List.of(
                        "-Dcompose.project=" + name + suffix,
                        "-Dcompose.lifetime=1h",
                        "-Dcompose.host=" + server.address(),
                        "-Dcompose.domain=" + server.domain(),
                        "-Dcompose.privateKey=" + server.key(),
                        "-Dcompose.knownHosts=" + server.knownHosts()));
    }

    private Tool maven(String goal, Map<String, String> variables) {
        var words = List.of("mvn", "-q", "-o", "-Dmaven.repo.local=" + repository, goal);
        return new Tool(shop, variables, Tool.NOTHING, words);
    }

    private Stack stack(String project) {
        return Stack.in(shop)
                .environment(Environment.of("acme/bench", project))
                .project(project)
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .render();
    }

    private Tool ssh(BenchServer server, String remote) {
        return Tool.in(work, "ssh")
                .with(server.sshOptions())
                .with(List.of("-p", server.port(), server.user() + "@" + server.host(), remote));
    }

    private void git(String... words) {
        Tool.in(shop, "git").with(List.of(words)).run();
    }

    private void takeDown() {
        try (var stacks = server.connect()) {
            ours.forEach(project -> stacks.down(project, Progress.NONE));
        }
        for (var project : byHand) {
            ssh(server, "docker compose -p %1$s down -t 2; rm -rf %1$s".formatted(project))
                    .run();
        }
    }

    private String report(int rounds, double before) {
        var lines = new ArrayList<>(List.of(
                "# Redeploy of an unchanged stack of one service",
                "",
                rounds + " rounds after " + WARM_UP + " to warm up, all candidates once in each; seconds; "
                        + Runtime.getRuntime().availableProcessors() + " processors, load average "
                        + format(before) + " before and " + format(load()) + " after.",
                "",
                "| | candidate | min | median | max |",
                "|---|---|---|---|---|"));
        for (var candidate : candidates) {
            var time = candidate.times;
            lines.add(row(
                    candidate.name, candidate.title, format(time.min()), format(time.median()), format(time.max())));
        }
        lines.add("");
        lines.add("| | of the medians | median by round | goal | |");
        lines.add("|---|---|---|---|---|");
        lines.add(compared("d / a", "d", "a", (d, a) -> d / a, 1.15, " ×"));
        lines.add(compared("e − c", "e", "c", (e, c) -> e - c, 0.6, " s"));
        lines.add(compared("e / c", "e", "c", (e, c) -> e / c, Double.NaN, " ×"));
        lines.add(compared("w − c", "w", "c", (w, c) -> w - c, Double.NaN, " s"));
        lines.add(compared("E − C", "E", "C", (e, c) -> e - c, 0.6, " s"));
        lines.add(compared("df / af", "df", "af", (d, a) -> d / a, 1.05, " ×"));
        lines.add(compared("ef − af", "ef", "af", (e, a) -> e - a, Double.NaN, " s"));
        lines.add(compared("b / a", "b", "a", (b, a) -> b / a, Double.NaN, " ×"));
        if (!ansible.isEmpty()) {
            lines.add(compared("e / f", "e", "f", (e, f) -> e / f, 0.3, " ×"));
        }
        return String.join("\n", lines) + "\n";
    }

    private String compared(
            String title, String one, String other, DoubleBinaryOperator comparison, double goal, String unit) {
        var ofMedians =
                comparison.applyAsDouble(times(one).median(), times(other).median());
        var byRound = times(one).against(times(other), comparison).median();
        var wanted = Double.isNaN(goal) ? "" : "≤ " + format(goal) + unit;
        var met = Double.isNaN(goal) ? "" : ofMedians <= goal ? "met" : "**not met**";
        return row(title, format(ofMedians) + unit, format(byRound) + unit, wanted, met);
    }

    private Times times(String name) {
        return candidates.stream()
                .filter(candidate -> candidate.name.equals(name))
                .findFirst()
                .orElseThrow()
                .times;
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String format(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    /** One way to do it. */
    private record Candidate(String name, String title, Runnable work, Times times) {}
}
