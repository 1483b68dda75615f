package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server does by itself, also beside another sweeper. */
class SweeperIT {
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
            """;

    private final List<String> projects = new ArrayList<>();

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        stacks = server.stacks();
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            for (var project : projects) {
                server.login("rm -rf elsewhere/" + project + " .yourlabs.compose/" + project);
                var filter = "label=com.docker.compose.project=" + project;
                server.docker("ps", "-aq", "--filter", filter).lines().forEach(id -> server.docker("rm", "-fv", id));
                for (var kind : List.of("network", "volume")) {
                    server.docker(kind, "ls", "-q", "--filter", filter)
                            .lines()
                            .forEach(id -> server.docker(kind, "rm", id));
                }
            }
            stacks.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"cron, COMPOSE_IT_CRON_PORT", "systemd-user, COMPOSE_IT_SYSTEMD_PORT"})
    void anExpiredEnvironmentDisappearsWithNobodyCallingAnything(String timer, String portName) throws IOException {
        var port = System.getenv(portName);
        assumeTrue(
                port != null, "the test server has no " + timer + ": that it sweeps by itself is not checked with it");
        var state = "it's 100%d $5 \"\\045\" " + timer;
        var stack = stack("timer/" + timer, "7d");
        try (var timed = server.stacks(port, state)) {
            timed.deploy(stack, Progress.NONE);
            assertThat(server.login(port, "cat \"$1/.host/sweeper\"", state)).startsWith(timer + " stacks-");
            timed.extend(stack.project(), Lifetime.parse("1s"));
            assertThat(server.remains(stack.project())).isNotEmpty();
            var until = System.nanoTime() + TWO_MINUTES.toNanos();
            while (!(server.remains(stack.project()).isEmpty() && timed.list().isEmpty())
                    && System.nanoTime() < until) {
                TestServer.pause(500);
            }
            assertThat(server.remains(stack.project())).isEmpty();
            assertThat(timed.list()).isEmpty();
            assertThat(server.login(port, "cat \"$1/.host/said\" 2>/dev/null || echo nothing", state))
                    .isEqualTo("nothing");
        } finally {
            server.login(port, "rm -rf \"$1\"", state);
            // As docs/operations.md tells people who want to remove it.
            if (timer.equals("cron")) {
                server.login(port, "crontab -l 2>/dev/null | grep -v xdevops-sweeper | crontab -");
            } else {
                server.login(port, """
                        cd .config/systemd/user || exit 0
                        for timer in xdevops-sweeper-*.timer; do systemctl --user disable --now $timer; done
                        rm -f xdevops-sweeper-*
                        systemctl --user daemon-reload
                        """);
            }
        }
        Proof.claim(
                "a real timer (" + timer + ") removed an expired environment within " + TWO_MINUTES.toSeconds() + " s");
    }

    @Test
    void whatAnotherToolDeployedIsListedAndSweptWhenItsTimeIsOver() {
        var project = "by-another-tool";
        byAnotherTool(project, ".yourlabs.compose", "2000000000");
        assertThat(status(project).containers()).isEqualTo(1);
        assertThat(Objects.requireNonNull(status(project).expires()).getEpochSecond())
                .isEqualTo(2000000000);
        assertThat(stacks.sweep(Progress.NONE).removed()).doesNotContain(project);
        assertThat(server.remains(project)).hasSize(3);
        server.login("echo 1000000000 >.yourlabs.compose/" + project + "/removeat");
        assertThat(stacks.sweep(Progress.NONE).removed()).contains(project);
        assertThat(server.remains(project)).isEmpty();
        assertThat(stacks.list()).extracting(StackStatus::project).doesNotContain(project);
        Proof.claim(
                "a stack of another tool, with a volume, was listed, kept while its lease ran and swept after it: 1");
    }

    @Test
    void aProjectOfTheSameNameFromAnotherDirectoryIsLeftAlone() {
        var project = "from-elsewhere";
        byAnotherTool(project, "elsewhere", "1000000000");
        server.login("mkdir -p .yourlabs.compose && cp -r elsewhere/" + project + " .yourlabs.compose/");
        var before = server.remains(project);
        var swept = stacks.sweep(Progress.NONE);
        assertThat(swept.removed()).doesNotContain(project);
        assertThat(swept.problems()).anyMatch(problem -> problem.contains(project) && problem.contains("left alone"));
        assertThat(server.remains(project)).isEqualTo(before).hasSize(3);
    }

    @Test
    void anotherSweeperRemovesWhatWeDeployed() throws IOException {
        var old = stack("other/old", "7d");
        var young = stack("other/young", "7d");
        stacks.deploy(old, Progress.NONE);
        stacks.deploy(young, Progress.NONE);
        server.login("echo 1000000000 >.yourlabs.compose/" + old.project() + "/removeat");
        server.login(otherSweeper());
        assertThat(server.remains(old.project())).isEmpty();
        assertThat(server.remains(young.project())).isNotEmpty();
        assertThat(stacks.list())
                .extracting(StackStatus::project)
                .doesNotContain(old.project())
                .contains(young.project());
        assertThat(stacks.deploy(old, Progress.NONE).generation()).isEqualTo(1);
    }

    @Test
    void twoSweepersAtOnceDoNoHarm() throws Exception {
        var old = new ArrayList<String>();
        var young = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            var ours = stack("both/" + i, "7d");
            stacks.deploy(ours, Progress.NONE);
            old.add(ours.project());
            byAnotherTool("both-" + i, ".yourlabs.compose", "2000000000");
            old.add("both-" + i);
        }
        var ours = stack("both/young", "7d");
        stacks.deploy(ours, Progress.NONE);
        byAnotherTool("both-young", ".yourlabs.compose", "2000000000");
        young.addAll(List.of(ours.project(), "both-young"));
        var before = young.stream().map(server::remains).toList();

        old.forEach(project -> server.login("echo 1000000000 >.yourlabs.compose/" + project + "/removeat"));
        var text = otherSweeper();
        var other = CompletableFuture.supplyAsync(
                () -> IntStream.range(0, 3).mapToObj(i -> server.login(text)).collect(Collectors.joining("\n")));
        var removed = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            removed.addAll(stacks.sweep(Progress.NONE).removed());
        }
        var removedByOther = other.get(2, TimeUnit.MINUTES);
        assertThat(stacks.sweep(Progress.NONE).problems())
                .noneMatch(problem -> old.stream().anyMatch(problem::contains));

        assertThat(stacks.list())
                .extracting(StackStatus::project)
                .doesNotContainAnyElementsOf(old)
                .containsAll(young);
        for (var project : old) {
            // The other one forgets volumes, also where nobody else sweeps.
            assertThat(server.containers(project)).as(project).isEmpty();
            assertThat(server.docker("network", "ls", "-q", "--filter", "label=com.docker.compose.project=" + project))
                    .as(project)
                    .isEmpty();
        }
        assertThat(young.stream().map(server::remains).toList()).isEqualTo(before);
        Proof.claim("two sweepers at once: " + old.size() + " expired and gone (by ours: "
                + removed.stream().filter(old::contains).count() + ", by the other: "
                + old.stream().filter(removedByOther::contains).count() + "), " + young.size()
                + " unexpired untouched");
    }

    private Stack stack(String branch, String lifetime) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/sweeper", branch))
                .domain(server.domain())
                .lifetime(Lifetime.parse(lifetime))
                .render();
        projects.add(stack.project());
        return stack;
    }

    /** Two files and an `up`: a container, a network and a volume, without anything of ours. */
    private void byAnotherTool(String project, String place, String removeAt) {
        projects.add(project);
        server.login("""
                mkdir -p %1$s/%2$s && cd %1$s/%2$s || exit 1
                cat >docker-compose.yml <<END
                services:
                  web:
                    image: compose-it/busybox:1
                    command: ["sleep", "1000"]
                    volumes: ["data:/data"]
                    stop_grace_period: 0s
                volumes: {data: }
                END
                echo %3$s >removeat
                docker compose up -d
                """.formatted(place, project, removeAt));
    }

    private StackStatus status(String project) {
        return stacks.list().stream()
                .filter(status -> status.project().equals(project))
                .findFirst()
                .orElseThrow();
    }

    private static String otherSweeper() throws IOException {
        try (var in = Objects.requireNonNull(SweeperIT.class.getResourceAsStream("other-sweeper.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
