package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A key, and a word with a server that accepts it. */
abstract class WithServer {
    @TempDir
    Path scratch;

    Path key;

    @BeforeEach
    void makeKey() throws IOException {
        key = Keys.make(scratch, "id", "ed25519", "");
    }

    @Nullable
    HostException talk(TestServer server, String knownHosts) {
        try (Host host = SshHost.connect(
                server.address(),
                SshAccess.builder()
                        .privateKey(key.toString())
                        .knownHosts(knownHosts)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build())) {
            assertThat(host.run(Command.script("echo in", List.of()), line -> {})
                            .out())
                    .isEqualTo("in\n");
            return null;
        } catch (HostException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return e;
        }
    }
}
