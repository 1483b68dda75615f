package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshHostTest extends HostContract {
    @TempDir
    static Path keys;

    private static Path key;
    private static TestServer server;

    @BeforeAll
    static void startServer() throws IOException {
        key = Keys.make(keys, "id", "ed25519", "");
        server = TestServer.start(
                keys, TestServer.letIn(key).andThen(it -> CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(it, 1)));
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    protected Host open() throws IOException {
        return SshHost.connect(
                server.address(),
                SshAccess.builder()
                        .privateKey(key.toString())
                        .knownHosts(server.knownHosts())
                        .build());
    }

    @Test
    @Tag("N21")
    void aServerWithoutFileTransferIsEnough() throws IOException {
        assertThat(server.server.getSubsystemFactories()).isNullOrEmpty();
        byte[] file = new byte[300_000];
        file[299_999] = 7;
        Path target = scratch.resolve("file");
        try (Host host = open()) {
            Command upload =
                    Command.script("cat >\"$1\"", List.of(target.toString())).withStdin(file);
            assertThat(host.run(upload, line -> {}).ok()).isTrue();
        }
        assertThat(target).hasBinaryContent(file);
    }

    @Test
    void itsAddressIsWhatPeopleType() throws IOException {
        try (Host host = open()) {
            assertThat(host.address()).isEqualTo("deploy@127.0.0.1:" + server.port());
        }
    }
}
