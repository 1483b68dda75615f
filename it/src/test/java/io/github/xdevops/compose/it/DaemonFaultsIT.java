package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon, and people beside us at the same daemon, do to a stack. */
@Tag("alone")
class DaemonFaultsIT {
    private static final String WEB = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
                volumes: ["data:/data"]
            volumes:
              data:
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
            projects.forEach(project -> stacks.down(project, Progress.NONE));
            stacks.close();
        }
    }

    @Test
    void aDaemonThatHangsIsUnavailableAndNothingIsChanged() throws IOException {
        var stack = stack("fault/hang", WEB);
        stacks.deploy(stack, Progress.NONE);
        var record = record(stack);
        var next = stack("fault/hang", WEB + "# next\n", "COLOUR: blue");
        server.signalEngine("STOP");
        try {
            assertThatThrownBy(() -> stacks.deploy(next, Progress.NONE))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNAVAIL))
                    .hasMessageContaining("does not answer: nothing for 20 s");
        } finally {
            server.signalEngine("CONT");
        }
        assertThat(record(stack)).isEqualTo(record);
        assertThat(stacks.deploy(next, Progress.NONE).changed()).isTrue();
    }

    @Test
    void aForeignContainerInOurNetworkIsNamedAndItsTeardownIsFinishedLater() throws IOException {
        var stack = stack("fault/foreign", WEB);
        stacks.deploy(stack, Progress.NONE);
        server.docker(
                "run",
                "-d",
                "--name",
                "foreign-guest",
                "--network",
                stack.project() + "_default",
                "-v",
                stack.project() + "_data:/data",
                "compose-it/busybox:1",
                "sleep",
                "300");
        try {
            assertThatThrownBy(() -> stacks.down(stack.project(), Progress.NONE))
                    .isInstanceOf(ComposeException.class)
                    .hasMessageContaining("network " + stack.project() + "_default")
                    .hasMessageContaining("volume " + stack.project() + "_data");
            assertThat(stacks.list())
                    .filteredOn(status -> status.project().equals(stack.project()))
                    .extracting(StackStatus::state)
                    .containsExactly(State.REMOVING);
            assertThat(server.docker("ps", "-q", "--filter", "name=foreign-guest"))
                    .isNotEmpty();
        } finally {
            server.docker("rm", "-f", "foreign-guest");
        }
        assertThat(stacks.sweep(Progress.NONE).removed()).contains(stack.project());
        assertThat(server.remains(stack.project())).isEmpty();
    }

    @Test
    void whatSomebodyRemovedByHandComesBackWithTheSameDeploy() throws IOException {
        var stack = stack("fault/by-hand", WEB);
        stacks.deploy(stack, Progress.NONE);
        server.containers(stack.project()).forEach(id -> server.docker("rm", "-f", id));
        assertThat(stacks.deploy(stack, Progress.NONE).changed()).isTrue();
        assertThat(server.containers(stack.project())).hasSize(1);
    }

    @Test
    void pruningDuringADeployHarmsNothingThatTheNextDeployDoesNotMend() throws Exception {
        var stack = stack("fault/prune", WEB);
        var pruning = new Thread(() -> {
            for (int i = 0; i < 10; i++) {
                server.docker("container", "prune", "-f", "--filter", "label=com.docker.compose.project");
                server.docker("network", "prune", "-f", "--filter", "label=com.docker.compose.project");
                server.docker("volume", "prune", "-f", "--filter", "label=com.docker.compose.project");
            }
        });
        pruning.start();
        try {
            stacks.deploy(stack, Progress.NONE);
        } catch (ComposeException e) {
            assertThat(e.word()).isNotEqualTo(Outcome.OK);
        } finally {
            pruning.join();
        }
        stacks.deploy(stack, Progress.NONE);
        assertThat(server.containers(stack.project())).hasSize(1);
    }

    @Test
    void aStackWhoseRecordWasDeletedIsSeenAgainAndEnds() throws IOException {
        var stack = stack("fault/orphan", WEB);
        stacks.deploy(stack, Progress.NONE);
        server.login("rm -r .yourlabs.compose/" + stack.project() + "; rm -f .yourlabs.compose/.housekeeping");
        assertThat(stacks.sweep(Progress.NONE).problems())
                .anyMatch(problem -> problem.startsWith(stack.project() + " had lost its record"));
        assertThat(stacks.list())
                .filteredOn(status -> status.project().equals(stack.project()))
                .hasSize(1);
        stacks.extend(stack.project(), Lifetime.parse("1s"));
        TestServer.pause(1100);
        assertThat(stacks.sweep(Progress.NONE).removed()).contains(stack.project());
        assertThat(server.remains(stack.project())).isEmpty();
    }

    @Test
    void anImageGoesADayAfterTheLastStackThatUsedItAndNotBefore() throws IOException {
        var image = "compose-it/rare:" + System.nanoTime();
        Files.writeString(directory.resolve("Dockerfile"), "FROM compose-it/httpd:1\nLABEL rare=" + image + "\n");
        server.docker("build", "-q", "-t", image, directory.toString());
        var text = WEB.replace("compose-it/httpd:1", image);
        var one = stack("fault/image-one", text);
        var two = stack("fault/image-two", text);
        stacks.deploy(one, Progress.NONE);
        stacks.deploy(two, Progress.NONE);
        stacks.down(one.project(), Progress.NONE);
        aDayLater(image);
        assertThat(server.docker("image", "ls", "-q", image)).as("still used").isNotEmpty();
        stacks.down(two.project(), Progress.NONE);
        server.login("rm -f .yourlabs.compose/.housekeeping");
        stacks.sweep(Progress.NONE);
        assertThat(server.docker("image", "ls", "-q", image)).as("too early").isNotEmpty();
        aDayLater(image);
        assertThat(server.docker("image", "ls", "-q", image)).isEmpty();
        assertThat(server.docker("image", "ls", "-q", "compose-it/httpd:1"))
                .as("what it was built from, and other images")
                .isNotEmpty();
    }

    private void aDayLater(String image) {
        var id = server.docker("image", "inspect", "--format", "{{.Id}}", image).strip();
        server.login(
                "touch -d \"2 days ago\" .yourlabs.compose/.images/" + id + "; rm -f .yourlabs.compose/.housekeeping");
        stacks.sweep(Progress.NONE);
    }

    private String record(Stack stack) {
        return server.login(
                "cd .yourlabs.compose/" + stack.project() + " && cat removeat manifest.json docker-compose.yml");
    }

    private Stack stack(String branch, String text, String... variables) throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                variables.length == 0
                        ? text
                        : text.replace("    volumes: [", "    environment: {" + variables[0] + "}\n    volumes: ["));
        var stack = Stack.in(directory)
                .environment(Environment.of("acme/it", branch))
                .domain(server.domain())
                .lifetime(Lifetime.parse("7d"))
                .render();
        projects.add(stack.project());
        return stack;
    }
}
