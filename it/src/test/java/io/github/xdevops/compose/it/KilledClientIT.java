package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that is killed in the middle of a deploy harms nothing. */
@Tag("kills")
class KilledClientIT {
    /** Tests beside this one sweep the shared records. */
    private static final String STATE = "state-killed-client";

    private static final int KILLS = Ring.count(4, 8);

    @TempDir
    Path directory;

    @Test
    void whatAKilledClientLeavesIsCompleteOrSwept() throws Exception {
        var server = TestServer.required();
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    ports: ["80"]
                    volumes: ["data:/data"]
                  worker:
                    image: compose-it/busybox:1
                    command: ["sleep", "1000"]
                    depends_on: [web]
                volumes:
                  data:
                """);
        var random = new Random(Ring.seed());
        var complete = 0;
        var processes = new ScriptProcesses(STATE);
        try (var stacks = server.stacks(STATE)) {
            for (int i = 0; i < KILLS; i++) {
                var branch = "killed/" + i;
                var project = Environment.of("acme/it", branch).slug();
                var client = new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                DeployOnce.class.getName(),
                                directory.toString(),
                                branch,
                                STATE)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                try (var out = client.inputReader()) {
                    assertThat(out.readLine()).isEqualTo("deploying");
                    Thread.sleep(random.nextInt(1800));
                    client.destroyForcibly().waitFor();
                }
                processes.awaitNone();
                if (settled(stacks, project).isPresent()) {
                    complete++;
                    assertThat(server.containers(project)).hasSize(2);
                    stacks.extend(project, Lifetime.parse("1s"));
                    Thread.sleep(1100);
                    stacks.sweep(Progress.NONE);
                }
                assertThat(server.remains(project)).as("kill " + i).isEmpty();
                assertThat(status(stacks, project)).as("kill " + i).isEmpty();
            }
        }
        server.login("rm -rf " + STATE);
        Proof.claim("killed clients: " + KILLS + ", complete afterwards: " + complete + ", swept or never begun: "
                + (KILLS - complete) + ", leaks: 0");
    }

    /** What the server says once nobody works on the project any more. */
    private static Optional<StackStatus> settled(Stacks stacks, String project) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            var status = status(stacks, project);
            if (status.isPresent() && status.get().state() == State.RUNNING) {
                return status;
            }
            if (status.isEmpty() && i > 10) {
                return status;
            }
            Thread.sleep(200);
        }
        throw new AssertionError(project + " neither came up nor went away: " + status(stacks, project));
    }

    private static Optional<StackStatus> status(Stacks stacks, String project) {
        return stacks.list().stream().filter(s -> s.project().equals(project)).findFirst();
    }
}
