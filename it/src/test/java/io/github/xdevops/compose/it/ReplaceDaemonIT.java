package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Docker daemon that is killed while a service of a persistent environment is replaced. */
@Tag("alone")
@Tag("exhaustive")
class ReplaceDaemonIT {
    private static final String STATE = "state-replace-daemon";
    private static final String PROJECT = "replace-daemon-it";
    private static final DeployOptions OPTIONS =
            DeployOptions.within(new Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(2)));

    @RegisterExtension
    private final Deployments deployments = Deployments.recordedIn(STATE);

    private final TestServer server = deployments.server();
    private final Stacks stacks = deployments.stacks();

    @AfterEach
    void startTheDaemon() throws Exception {
        Daemon.start(server);
    }

    @Test
    void afterTheDaemonWasKilledOneGenerationServesAndTheNextDeployEndsWell() throws Exception {
        stacks.deploy(stack(1), OPTIONS, Progress.NONE);
        var version = 1;
        var outcomes = new ArrayList<String>();
        // In the middle of a phase, and at its begin.
        for (var moment : List.of("up 0", "replace 0", "replace 700", "replace 2500", "replace 6000")) {
            var words = moment.split(" ");
            version++;
            try {
                stacks.deploy(stack(version), OPTIONS, killing(words[0], Long.parseLong(words[1])));
                outcomes.add("OK");
            } catch (ComposeException e) {
                outcomes.add(e.word().name());
            }
            Daemon.start(server);
            version++;
            stacks.deploy(stack(version), OPTIONS, Progress.NONE);
            assertThat(server.containers(PROJECT)).as(moment).hasSize(1);
            var id = server.containers(PROJECT).iterator().next();
            assertThat(server.docker("exec", id, "cat", "/www/get")).as(moment).isEqualTo("page " + version + "\n");
        }
        assertThat(outcomes).as("the daemon was killed in time").anyMatch(word -> !word.equals("OK"));
        Proof.claim("dockerd killed at " + outcomes.size() + " moments of a replacement (" + String.join(", ", outcomes)
                + "): each time the next deploy left one generation");
    }

    private Progress killing(String phase, long delay) {
        return new Progress() {
            @Override
            public void phase(String name) {
                if (name.equals(phase)) {
                    TestServer.pause(delay);
                    try {
                        Daemon.kill(server);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }

            @Override
            public void line(String line) {}
        };
    }

    private Stack stack(int version) {
        return deployments.render(deployments
                .compose(Environment.of("acme/" + PROJECT, "main"), ReplaceLossIT.web(version))
                .project(PROJECT)
                .lifetime(Lifetime.parse("forever")));
    }
}
