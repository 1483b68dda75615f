package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pipelines at once on one server, each with a connection of its own, while a sweeper is at work. */
@Tag("alone")
@Tag("races")
class ConcurrencyIT {
    private static final String STATE = "races";
    private static final String OTHER_STATE = "races-other";
    private static final int DEPLOYS = Ring.count(6, 20);
    private static final int PROJECTS = Ring.count(12, 50);

    /** Stands in front of docker and writes down who brings a project up or down, and when that has ended. */
    private static final String WATCH = """
            mkdir -p races-bin && cat >races-bin/docker <<\\END
            #!/bin/sh
            PATH=${PATH#"$HOME/races-bin:"}
            case " $* " in
            *" up --no-start "* | *" start "* | *" down --volumes "*) ;;
            *) exec docker "$@" ;;
            esac
            project=${*#* -p }
            echo "begin $$ ${project%% *}" >>"$HOME/races-log"
            docker "$@"
            code=$?
            echo "end $$ ${project%% *}" >>"$HOME/races-log"
            exit $code
            END
            chmod 700 races-bin/docker
            : >races-log
            echo PATH=\\$HOME/races-bin:\\$PATH >.bashrc
            """;

    @TempDir
    Path directory;

    private TestServer server;
    private final List<String> projects = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void watchDocker() {
        server = TestServer.required();
        server.login("[ ! -e .bashrc ] || mv .bashrc races-bashrc");
        server.login(WATCH);
        assertThat(server.login("command -v docker")).endsWith("/races-bin/docker");
    }

    @AfterEach
    void takeDown() throws Exception {
        if (server == null) {
            return;
        }
        together(
                4,
                projects.stream()
                        .map(project -> (Callable<Object>) () -> down(project))
                        .toList());
        server.login("rm -rf races-bin races-log .bashrc " + STATE + " " + OTHER_STATE
                + "; [ ! -e races-bashrc ] || mv races-bashrc .bashrc");
    }

    @Test
    void manyDeploysOfOneProjectAndASweeperLeaveOneStackTheNewest() throws Exception {
        var seed = new Random().nextInt();
        var stacks = new ArrayList<Stack>();
        for (var sequence = 1; sequence <= DEPLOYS; sequence++) {
            // Half of the stacks end at once, so that the sweeper has something to do in between.
            stacks.add(stack("one", sequence, sequence, sequence == DEPLOYS || sequence % 2 == 0 ? "1h" : "1s"));
        }
        Collections.shuffle(stacks, new Random(seed));
        var words = deployUnderASweeper(stacks, Timeouts.DEFAULT);
        var project = projects.get(0);
        assertThat(words)
                .as("seed " + seed)
                .containsOnly(Outcome.OK, Outcome.BUSY)
                .hasSize(DEPLOYS);
        assertThat(server.containers(project)).as("seed " + seed).hasSize(1);
        assertThat(server.docker("inspect", "--format", "{{.Config.Env}}", project + "-web-1"))
                .as("seed " + seed)
                .contains("CONTENT=" + DEPLOYS);
        try (var host = server.stacks(STATE)) {
            assertThat(host.list()).extracting(StackStatus::project).containsExactly(project);
            assertThat(host.list().get(0).revision().sequence()).isEqualTo(DEPLOYS);
            assertThat(host.list().get(0).state()).isEqualTo(State.RUNNING);
        }
        assertThat(mostWriters()).as("writers of one project at once").isEqualTo(1);
        Proof.claim("concurrency: " + DEPLOYS + " deploys of one project (" + Collections.frequency(words, Outcome.OK)
                + " went in, the others were superseded) + sweeper: 1 stack, the newest; writers at once: 1");
    }

    @Test
    void manyDeploysByHandOfOneProjectAllGoInOneAfterTheOther() throws Exception {
        var stacks = new ArrayList<Stack>();
        for (var content = 1; content <= DEPLOYS; content++) {
            stacks.add(stack("by-hand", content, 0, "1h"));
        }
        var words =
                deployUnderASweeper(stacks, new Timeouts(Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(5)));
        var project = projects.get(0);
        assertThat(words).containsOnly(Outcome.OK).hasSize(DEPLOYS);
        assertThat(server.containers(project)).hasSize(1);
        var said = server.login("grep -o \"CONTENT.*\" " + STATE + "/" + project + "/docker-compose.yml");
        assertThat(server.docker("inspect", "--format", "{{.Config.Env}}", project + "-web-1"))
                .as("what runs is what the record says: " + said)
                .contains("CONTENT=" + said.replaceAll("[^0-9]", "") + " ");
        try (var host = server.stacks(STATE)) {
            assertThat(host.list().get(0).state()).isEqualTo(State.RUNNING);
        }
        assertThat(mostWriters()).as("writers of one project at once").isEqualTo(1);
        Proof.claim("concurrency: " + DEPLOYS + " deploys of one project by hand + sweeper: "
                + Collections.frequency(words, Outcome.OK) + " went in, 1 stack, writers at once: 1");
    }

    @Test
    void manyProjectsAtOnceAllComeUpAndGoAway() throws Exception {
        var stacks = new ArrayList<Stack>();
        for (var i = 0; i < PROJECTS; i++) {
            stacks.add(stack("project/" + i, i, 1, "1h"));
        }
        var words = together(
                PROJECTS,
                stacks.stream()
                        .map(stack -> (Callable<Outcome>) () -> deploy(stack, Timeouts.DEFAULT))
                        .toList());
        assertThat(words).containsOnly(Outcome.OK);
        var up = 0;
        for (var project : projects) {
            assertThat(server.containers(project)).as(project).hasSize(1);
            up++;
        }
        try (var host = server.stacks(STATE)) {
            assertThat(host.list())
                    .extracting(StackStatus::state)
                    .hasSize(PROJECTS)
                    .containsOnly(State.RUNNING);
        }
        assertThat(mostWriters()).as("writers of one project at once").isEqualTo(1);
        assertThat(together(
                        8,
                        projects.stream()
                                .map(project -> (Callable<Boolean>) () -> down(project))
                                .toList()))
                .containsOnly(true);
        for (var project : projects) {
            assertThat(server.remains(project)).as(project).isEmpty();
        }
        Proof.claim("concurrency: " + PROJECTS + " projects from as many connections at once: " + up
                + " up, all down again");
    }

    @Test
    void theSameProjectOfAnotherStateIsRefusedAndLeftAlone() throws Exception {
        var stack = stack("shared", 1, 1, "1h");
        assertThat(deploy(stack, Timeouts.DEFAULT)).isEqualTo(Outcome.OK);
        var containers = server.containers(stack.project());
        try (var other = server.stacks(OTHER_STATE)) {
            assertThatThrownBy(() -> other.deploy(stack, Progress.NONE))
                    .hasMessageContaining("was not deployed by this tool");
            assertThatThrownBy(() -> other.down(stack.project(), Progress.NONE)).hasMessageContaining("left alone");
            assertThatThrownBy(() -> other.extend(stack.project(), Lifetime.parse("1s")))
                    .hasMessageContaining("is gone");
            assertThat(other.sweep(Progress.NONE).removed()).isEmpty();
            assertThat(other.list()).isEmpty();
        }
        assertThat(server.containers(stack.project())).isEqualTo(containers);
    }

    private List<Outcome> deployUnderASweeper(List<Stack> stacks, Timeouts timeouts) throws Exception {
        var done = new AtomicBoolean();
        var sweeper = Executors.newSingleThreadExecutor();
        var sweeps = sweeper.submit(() -> sweepUntil(done));
        try {
            return together(
                    DEPLOYS,
                    stacks.stream()
                            .map(stack -> (Callable<Outcome>) () -> deploy(stack, timeouts))
                            .toList());
        } finally {
            done.set(true);
            sweeper.shutdown();
            assertThat(sweeps.get(2, TimeUnit.MINUTES)).as("sweeps").isPositive();
        }
    }

    private int sweepUntil(AtomicBoolean done) {
        var sweeps = 0;
        try (var host = server.stacks(STATE)) {
            while (!done.get()) {
                host.sweep(Progress.NONE);
                sweeps++;
                TestServer.pause(300);
            }
        }
        return sweeps;
    }

    private Outcome deploy(Stack stack, Timeouts timeouts) {
        try (var host = server.stacks(STATE)) {
            host.deploy(stack, DeployOptions.within(timeouts), Progress.NONE);
            return Outcome.OK;
        } catch (ComposeException e) {
            if (e.word() == Outcome.BUSY) {
                assertThat(e).hasMessageContaining("superseded");
            } else {
                e.printStackTrace();
            }
            return e.word();
        }
    }

    private boolean down(String project) {
        try (var host = server.stacks(STATE)) {
            return host.down(project, Progress.NONE);
        }
    }

    /** How many brought the same project up or down at the same time, at most. */
    private int mostWriters() {
        var writers = new HashMap<String, Integer>();
        var most = 0;
        for (var line : server.login("cat races-log").lines().toList()) {
            var words = line.split(" ");
            most = Math.max(most, writers.merge(words[2], words[0].equals("begin") ? 1 : -1, Integer::sum));
        }
        assertThat(writers.values()).as("all have ended").containsOnly(0);
        return most;
    }

    private Stack stack(String branch, int content, int sequence, String lifetime) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/busybox:1
                    command: ["sleep", "1000"]
                    stop_signal: SIGKILL
                    network_mode: none
                    environment: {CONTENT: "%s"}
                """.formatted(content));
        var stack = Stack.in(directory)
                .environment(new Environment("acme/races", branch, new Revision(branch, null, null, null, sequence)))
                .domain(server.domain())
                .unrouted()
                .lifetime(Lifetime.parse(lifetime))
                .render();
        if (!projects.contains(stack.project())) {
            projects.add(stack.project());
        }
        return stack;
    }

    /** Runs all, so many at the same time, from the same moment on. */
    private static <T> List<T> together(int threads, List<Callable<T>> works) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        var start = new CountDownLatch(1);
        try {
            var futures = works.stream()
                    .map(work -> pool.submit(() -> {
                        start.await();
                        return work.call();
                    }))
                    .toList();
            start.countDown();
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get(Duration.ofMinutes(8).toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
