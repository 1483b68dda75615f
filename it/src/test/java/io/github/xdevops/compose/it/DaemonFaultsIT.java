package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon that hangs, and one whose resources are pruned, do to a stack. */
@Tag("alone")
class DaemonFaultsIT {
    private static final String WEB = SharedDaemonIT.WEB;

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();

    @Test
    void aDaemonThatHangsIsUnavailableAndNothingIsChanged() throws IOException {
        var stack = stack("fault/hang", WEB);
        here.deploy(stack);
        var record = record(stack);
        var next = stack("fault/hang", WEB + "# next\n", "COLOUR: blue");
        hurry();
        server.signalEngine("STOP");
        try {
            assertThatThrownBy(() -> here.deploy(next))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNAVAIL))
                    .hasMessageContaining("does not answer: nothing for 20 s");
        } finally {
            server.signalEngine("CONT");
            server.login("rm -rf .bashrc hurry");
        }
        assertThat(record(stack)).isEqualTo(record);
        assertThat(here.deploy(next).changed()).isTrue();
    }

    @Test
    void pruningDuringADeployHarmsNothingThatTheNextDeployDoesNotMend() throws Exception {
        var stack = stack("fault/prune", WEB);
        var its = "label=com.docker.compose.project=" + stack.project();
        var pruning = new Thread(() -> {
            for (int i = 0; i < 10; i++) {
                server.docker("container", "prune", "-f", "--filter", its);
                server.docker("network", "prune", "-f", "--filter", its);
                server.docker("volume", "prune", "-f", "--filter", its);
            }
        });
        pruning.start();
        try {
            here.deploy(stack);
        } catch (ComposeException e) {
            assertThat(e.word()).isNotEqualTo(Outcome.OK);
        } finally {
            pruning.join();
        }
        here.deploy(stack);
        assertThat(server.containers(stack.project())).hasSize(1);
    }

    /** The first question to the daemon is given up after two seconds instead of 20. */
    private void hurry() {
        server.login("""
                mkdir -p hurry && cat >hurry/timeout <<\\END && chmod 700 hurry/timeout
                #!/bin/sh
                case "$*" in "-k 5 20 docker "*) shift 3; set -- -k 5 2 "$@" ;; esac
                exec /usr/bin/timeout "$@"
                END
                echo PATH=\\$HOME/hurry:\\$PATH >.bashrc
                """);
    }

    private String record(Stack stack) {
        return server.login(
                "cd .yourlabs.compose/" + stack.project() + " && cat removeat manifest.json docker-compose.yml");
    }

    private Stack stack(String branch, String text, String... variables) {
        var file = variables.length == 0
                ? text
                : text.replace("    volumes: [", "    environment: {" + variables[0] + "}\n    volumes: [");
        return here.render(here.compose(branch, file).lifetime(Lifetime.parse("7d")));
    }
}
