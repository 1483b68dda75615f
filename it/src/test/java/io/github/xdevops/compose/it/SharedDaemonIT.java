package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people beside us at the same daemon do to a stack, and what we leave to them. */
class SharedDaemonIT {
    /** Tests beside this one sweep the shared records. */
    private static final String STATE = "state-shared";

    static final String WEB = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
                volumes: ["data:/data"]
            volumes:
              data:
            """;

    @RegisterExtension
    private final Deployments here = Deployments.recordedIn(STATE);

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();
    private final Path directory = here.directory();

    @Test
    void aForeignContainerInOurNetworkIsNamedAndItsTeardownIsFinishedLater() {
        var stack = stack("fault/foreign", WEB);
        here.deploy(stack);
        server.login("docker rm -f foreign-guest; :"); // of a run that was ended
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
    void whatSomebodyRemovedByHandComesBackWithTheSameDeploy() {
        var stack = stack("fault/by-hand", WEB);
        here.deploy(stack);
        server.containers(stack.project()).forEach(id -> server.docker("rm", "-f", id));
        assertThat(here.deploy(stack).changed()).isTrue();
        assertThat(server.containers(stack.project())).hasSize(1);
    }

    @Test
    void aStackWhoseRecordWasDeletedIsSeenAgainAndEnds() {
        var stack = stack("fault/orphan", WEB);
        here.deploy(stack);
        server.login("rm -r " + STATE + "/" + stack.project() + "; rm -f " + STATE + "/.housekeeping");
        assertThat(stacks.sweep(Progress.NONE).problems())
                .anyMatch(problem -> problem.startsWith(stack.project() + " had no record"));
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
        here.deploy(one);
        here.deploy(two);
        stacks.down(one.project(), Progress.NONE);
        aDayLater(image);
        assertThat(server.docker("image", "ls", "-q", image)).as("still used").isNotEmpty();
        stacks.down(two.project(), Progress.NONE);
        server.login("rm -f " + STATE + "/.housekeeping");
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
        server.login("touch -d \"2 days ago\" " + STATE + "/.images/" + id + "; rm -f " + STATE + "/.housekeeping");
        stacks.sweep(Progress.NONE);
    }

    private Stack stack(String branch, String text) {
        return here.render(here.compose(branch, text).lifetime(Lifetime.parse("7d")));
    }
}
