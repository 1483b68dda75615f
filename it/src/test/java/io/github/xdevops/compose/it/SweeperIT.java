package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server does by itself, also beside another sweeper. */
class SweeperIT {
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
            """;

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();

    /** Also what others deployed, which a down of ours leaves alone. */
    @AfterEach
    void takeDown() {
        for (var project : here.projects()) {
            server.login("rm -rf elsewhere/" + project + " .yourlabs.compose/" + project);
            var filter = "label=com.docker.compose.project=" + project;
            server.docker("ps", "-aq", "--filter", filter).lines().forEach(id -> server.docker("rm", "-fv", id));
            for (var kind : List.of("network", "volume")) {
                server.docker(kind, "ls", "-q", "--filter", filter)
                        .lines()
                        .forEach(id -> server.docker(kind, "rm", id));
            }
        }
    }

    /** Both at once, since cron takes its time. */
    @Test
    void anExpiredEnvironmentDisappearsWithNobodyCallingAnything() throws Exception {
        var timers = Map.of("cron", "COMPOSE_IT_CRON_PORT", "systemd-user", "COMPOSE_IT_SYSTEMD_PORT");
        var swept = new ArrayList<CompletableFuture<Void>>();
        for (var timer : timers.keySet()) {
            var port = System.getenv(timers.get(timer));
            if (port != null) {
                var stack = stack("timer/" + timer, "7d");
                swept.add(CompletableFuture.runAsync(() -> disappears(stack, timer, port)));
            }
        }
        for (var one : swept) {
            one.get(5, TimeUnit.MINUTES);
        }
        assumeTrue(
                swept.size() == timers.size(),
                "the test server has not both of " + timers.keySet()
                        + ": that both sweep by themselves is not checked");
    }

    private void disappears(Stack stack, String timer, String port) {
        var state = "it's 100%d $5 \"\\045\" " + timer;
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
    void anExpiredEnvironmentOfAnotherToolIsListedAndSwept() {
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
        here.deploy(old);
        here.deploy(young);
        server.login("echo 1000000000 >.yourlabs.compose/" + old.project() + "/removeat");
        server.login(otherSweeper());
        assertThat(server.remains(old.project())).isEmpty();
        assertThat(server.remains(young.project())).isNotEmpty();
        assertThat(stacks.list())
                .extracting(StackStatus::project)
                .doesNotContain(old.project())
                .contains(young.project());
        assertThat(here.deploy(old).generation()).isEqualTo(1);
    }

    @Test
    void twoSweepersAtOnceDoNoHarm() throws Exception {
        var old = new ArrayList<String>();
        var young = new ArrayList<String>();
        for (int i = 0; i < Ring.count(2, 4); i++) {
            var ours = stack("both/" + i, "7d");
            here.deploy(ours);
            old.add(ours.project());
            byAnotherTool("both-" + i, ".yourlabs.compose", "2000000000");
            old.add("both-" + i);
        }
        var ours = stack("both/young", "7d");
        here.deploy(ours);
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

    private Stack stack(String branch, String lifetime) {
        var environment = Environment.of("acme/sweeper", branch);
        return here.render(here.compose(environment, COMPOSE).lifetime(Lifetime.parse(lifetime)));
    }

    /** Two files and an `up`: a container, a network and a volume, without anything of ours. */
    private void byAnotherTool(String project, String place, String removeAt) {
        here.add(project);
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
