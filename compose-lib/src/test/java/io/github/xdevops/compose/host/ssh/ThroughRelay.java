package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a key that it accepts, and a bad network in between. */
abstract class ThroughRelay {
    @TempDir
    Path scratch;

    Path key;
    TestServer server;
    Relay relay;

    @BeforeEach
    void start() throws IOException {
        key = Keys.make(scratch, "id", "ed25519", "");
        server = TestServer.start(scratch, TestServer.letIn(key));
        relay = new Relay(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        server.close();
    }

    SshAccess.Builder access() throws IOException {
        return SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(server.knownHosts())
                .connectTimeout(Duration.ofSeconds(5));
    }

    SshHost throughRelay() throws IOException {
        return SshHost.connect(
                new SshAddress("deploy", "127.0.0.1", relay.port()),
                access().keepAlive(Duration.ofSeconds(1)).build());
    }

    static Result run(Host host, String script, String... arguments) {
        return host.run(Command.script(script, List.of(arguments)).withDeadline(Duration.ofSeconds(60)), line -> {});
    }

    static HostException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        HostException e = catchThrowableOfType(HostException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.getMessage().lines().findFirst().orElse("")).hasSizeLessThan(500);
        return e;
    }
}
