package io.github.xdevops.compose.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.ServiceStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at an environment, and working in it, on a real server. */
class ByHandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration COMMAND = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static TestServer server;
    private static Stacks stacks;
    private static Stack stack;

    @BeforeAll
    static void deploy() throws IOException {
        server = TestServer.required();
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo web is up; exec httpd -f -p 80"]
                    ports: ["80"]
                  worker:
                    image: compose-it/busybox:1
                    command: ["sh", "-c", "printf '::set-output name=a::b\\\\n\\\\033[31mred\\\\033[0m ##[group]x\\\\n'; exec sleep 1000"]
                  job:
                    image: compose-it/busybox:1
                    command: ["true"]
                """);
        stack = Stack.in(directory)
                .environment(Environment.of("acme/it", "feature/by-hand"))
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .render();
        stacks = server.stacks();
        stacks.deploy(stack, Progress.NONE);
    }

    @AfterAll
    static void takeDown() {
        if (stacks != null) {
            stacks.down(stack.project(), Progress.NONE);
            stacks.close();
        }
    }

    @Test
    @Tag("N14")
    void statusLogsAndCommandsOfAnEnvironment() {
        var details = stacks.inspect(stack.project());
        assertThat(details.status().state()).isEqualTo(State.RUNNING);
        assertThat(details.status().urls())
                .containsExactly(stack.endpoints().get(0).url());
        assertThat(details.services())
                .extracting(ServiceStatus::service, ServiceStatus::state, ServiceStatus::exit)
                .containsExactly(
                        tuple("job", "exited", 0), tuple("web", "running", null), tuple("worker", "running", null));
        assertThat(details.services())
                .allSatisfy(service -> assertThat(service.since())
                        .isBetween(
                                details.status().now().minusSeconds(300),
                                details.status().now().plusSeconds(1)));

        assertThat(logs("web")).startsWith("web is up");
        assertThat(logs("worker")).containsExactly(": :set-output name=a::b", "red # #[group]x");
        assertThat(logs(null))
                .anySatisfy(line -> assertThat(line).matches("web-1 +\\| web is up"))
                .anySatisfy(line -> assertThat(line).matches("worker-1 +\\| red # #\\[group]x"))
                .noneSatisfy(line -> assertThat(line).contains("\u001b"));
        assertThatThrownBy(() -> logs("wbe"))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                .hasMessageContaining("it has job web worker");

        var said = new ArrayList<String>();
        var command = "cat; echo \"I am $(hostname | wc -w)\"; echo to stderr >&2; exit 7";
        assertThat(stacks.exec(stack.project(), "web", command, COMMAND, said::add))
                .isEqualTo(7);
        assertThat(said).containsExactlyInAnyOrder("I am 1", "to stderr");
        said.clear();
        assertThat(stacks.exec(stack.project(), "web", "printf half", COMMAND, said::add))
                .isZero();
        assertThat(said).containsExactly("half");
        assertThat(stacks.exec(stack.project(), "web", "nosuchcommand", COMMAND, line -> {}))
                .isEqualTo(127);
        assertThatThrownBy(() -> stacks.exec(stack.project(), "job", "true", COMMAND, line -> {}))
                .hasMessageContaining("no container of the service job");
    }

    @Test
    void aFollowerHearsWhatComesAndLeavesNothingHoweverItEnds() throws Exception {
        var ends = List.of("INT", "KILL");
        for (var end : ends) {
            var client = new ProcessBuilder(
                            // Whoever is started in the background by a shell ignores it, and so do its children.
                            "env",
                            "--default-signal=INT",
                            System.getProperty("java.home") + "/bin/java",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Follower.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var out = client.inputReader()) {
                // Not as an argument: whoever has the project's name there works for it.
                try (var in = client.outputWriter()) {
                    in.write(stack.project() + "\n");
                }
                assertThat(out.readLine()).isEqualTo("web is up");
                assertThat(works()).as("the writer is there").isNotEmpty();
                stacks.exec(stack.project(), "web", "echo later " + end + " >/proc/1/fd/1", COMMAND, line -> {});
                assertThat(out.lines().anyMatch(line -> line.equals("later " + end)))
                        .isTrue();
                var kill = new ProcessBuilder("kill", "-" + end, String.valueOf(client.pid())).start();
                assertThat(kill.waitFor()).isZero();
                assertThat(client.waitFor(60, TimeUnit.SECONDS)).as(end).isTrue();
            } finally {
                client.destroyForcibly();
            }
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (!works().isEmpty()) {
                assertThat(System.nanoTime()).as(end + " leaves " + works()).isLessThan(until);
                TestServer.pause(50);
            }
        }
        Proof.claim("followers of logs ended by " + String.join(" and ", ends) + ": " + ends.size()
                + ", processes left: " + works().size());
    }

    @Test
    void theGoalsPrintResultsOnlyWhenAskedToBeQuiet() {
        var maven = new Maven(directory, server);
        var project = "-Dcompose.project=" + stack.project();
        var url = stack.endpoints().get(0).url();
        var branch = "-Dcompose.branch=feature/by-hand";
        var repository = "-Dcompose.repository=acme/it";
        assertThat(results(maven.run("deploy", "-q", project, branch, repository, "-Dcompose.lifetime=1h")))
                .isEqualTo(url + "\n");
        assertThat(results(maven.run("open", "-q", project))).isEqualTo(url + "\n");
        assertThat(results(maven.run("logs", "-q", project, "-Dcompose.service=worker")))
                .isEqualTo(": :set-output name=a::b\nred # #[group]x\n");
        var status = maven.run("status", project);
        assertThat(status.out()).contains("state        running", url, "SERVICE", "exited (0)");
        var exec = maven.run("exec", project, "-Dcompose.service=web", "-Dcompose.command=echo from inside; exit 4");
        assertThat(exec.exit()).isNotZero();
        assertThat(exec.out()).contains("from inside\n");
        assertThat(exec.error())
                .contains("EXIT: the command in web of " + stack.project() + " ended with exit status 4");
    }

    /** What a goal prints with -q, but for the end of a colour that Debian's Maven always prints by itself. */
    private static String results(Maven.Outcome outcome) {
        return outcome.out().replace("\u001b[0m", "");
    }

    private List<String> logs(String service) {
        var lines = new ArrayList<String>();
        stacks.logs(stack.project(), service, 100, false, lines::add);
        return lines;
    }

    /** The command lines that name the project, which is what works for it on the server. */
    private List<String> works() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> Arrays.stream(words).anyMatch(word -> word.contains(stack.project())))
                        .orElse(false))
                .map(process -> process.info().commandLine().orElse(""))
                .toList();
    }

    /** A client in a process of its own, to be killed. */
    static final class Follower {
        private Follower() {}

        public static void main(String[] arguments) throws IOException {
            var project = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            try (var stacks = TestServer.required().stacks()) {
                stacks.logs(project, "web", 100, true, System.out::println);
            }
        }
    }
}
