package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Behind a bastion everything is as it is without one. */
@Tag("N25")
class JumpedHostTest extends HostContract {
    @TempDir
    static Path keys;

    private static Path key;
    private static TestServer bastion;
    private static TestServer server;

    @BeforeAll
    static void startServers() throws IOException {
        key = Keys.make(keys, "id", "ed25519", "");
        bastion = TestServer.start(
                keys, TestServer.letIn(key).andThen(it -> it.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE)));
        server = TestServer.with(Keys.make(keys, "behind", "ed25519", ""), TestServer.letIn(key));
    }

    @AfterAll
    static void stopServers() throws IOException {
        server.close();
        bastion.close();
    }

    @Override
    protected Host open() throws IOException {
        return SshHost.connect(
                server.address(),
                SshAccess.builder()
                        .privateKey(key.toString())
                        .knownHosts(bastion.knownHosts() + server.knownHosts())
                        .jumps(List.of(bastion.address()))
                        .build());
    }
}
