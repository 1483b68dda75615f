package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Gate;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline's key behind the gate, on a real server. */
@Tag("alone")
class GateIT {
    private static final String STATE = "state-gate";

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks owner;
    private Stacks pipeline;
    private SshHost connection;
    private Path authorized;
    private String before;

    @BeforeEach
    void putUpTheGate() throws Exception {
        server = TestServer.required();
        var key = directory.resolve("pipeline");
        var generated = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .inheritIO()
                .start();
        assertThat(generated.waitFor()).isZero();
        owner = server.stacks(STATE);
        var options = owner.installGate(
                new Gate("acme/gate", List.of(), List.of("*." + host()), false, null, false, List.of(), List.of()));
        authorized = server.home().resolve(".ssh/authorized_keys");
        before = Files.readString(authorized);
        Files.writeString(authorized, before + options + " " + Files.readString(Path.of(key + ".pub")));
        var access = SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(server.knownHosts())
                .build();
        connection = SshHost.connect(SshAddress.parse(server.address()), access);
        pipeline = Stacks.on(connection, STATE);
    }

    @AfterEach
    void takeItDown() throws IOException {
        if (before != null) {
            Files.writeString(authorized, before);
        }
        if (owner != null) {
            for (var status : owner.list()) {
                owner.down(status.project(), DownOptions.FORCE, Progress.NONE);
            }
            owner.close();
        }
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    @Tag("K15")
    @Tag("A10")
    void aPipelineNoticesNothingUntilItWantsMore() throws Exception {
        var stack = stack("acme/gate", "feature/x", "");
        var deployed = pipeline.deploy(stack, Progress.NONE);
        assertThat(server.get(deployed.urls().get(0))).contains("behind the gate");
        assertThat(pipeline.plan(stack).changes()).isEmpty();
        assertThat(pipeline.list()).extracting(StackStatus::project).containsExactly(stack.project());
        assertThat(pipeline.extend(stack.project(), Lifetime.parse("1h"))).isNotNull();
        assertThat(pipeline.inspect(stack.project()).services())
                .singleElement()
                .satisfies(service -> assertThat(service.state()).isEqualTo("running"));
        pipeline.logs(stack.project(), "web", 10, false, line -> {});
        assertThatThrownBy(() -> pipeline.exec(stack.project(), "web", "true", Duration.ofSeconds(30), line -> {}))
                .hasMessageContaining("behind a gate that runs no commands in containers");

        var theirs = stack("acme/other", "main", "");
        owner.deploy(theirs, Progress.NONE);
        assertThat(pipeline.list()).extracting(StackStatus::project).containsExactly(stack.project());
        assertThatThrownBy(() -> pipeline.down(theirs.project(), Progress.NONE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.NOPERM))
                .hasMessageContaining("does not allow " + theirs.project());
        assertThatThrownBy(() -> pipeline.deploy(theirs, Progress.NONE)).hasMessageContaining("behind a gate");
        assertThatThrownBy(() -> pipeline.extend(stack.project(), Lifetime.FOREVER))
                .hasMessageContaining("for review environments only");

        var evil = stack("acme/gate", "evil", "privileged: true");
        assertThatThrownBy(() -> pipeline.deploy(evil, Progress.NONE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.POLICY))
                .hasMessageContaining("services.web.privileged: is root on the server");
        assertThat(pipeline.plan(evil).refusal()).contains("services.web.privileged: is root on the server");
        assertThat(server.remains(evil.project())).isEmpty();

        assertThat(pipeline.down(stack.project(), Progress.NONE)).isTrue();
        assertThat(server.remains(stack.project())).isEmpty();
        assertThat(server.remains(theirs.project())).isNotEmpty();
    }

    @Test
    @Tag("K15")
    void theKeyOpensNothingElse() {
        for (var command : List.of("touch owned", "cat .ssh/authorized_keys", "docker ps")) {
            var result = connection.run(Command.script(command, List.of()), line -> {});
            assertThat(result.exit()).as(command).isEqualTo(77);
            assertThat(result.out()).contains("behind a gate");
        }
        assertThat(server.home().resolve("owned")).doesNotExist();
    }

    private String host() {
        return server.domain().replaceAll(":.*", "");
    }

    private Stack stack(String repository, String branch, String more) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "mkdir -p /tmp/w && echo behind the gate > /tmp/w/index.html && exec httpd -f -p 80 -h /tmp/w"]
                    expose: ["80"]
                    %s
                """.formatted(more));
        return Stack.in(directory)
                .environment(Environment.of(repository, branch))
                .domain(server.domain())
                .lifetime(Lifetime.parse("1d"))
                .render();
    }
}
