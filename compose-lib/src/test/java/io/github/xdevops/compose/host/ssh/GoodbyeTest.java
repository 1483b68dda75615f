package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Maven closes a plugin's class loader after the goal; a thread that dies later prints a stack trace for a class it cannot load. */
class GoodbyeTest extends WithServer {
    @Test
    void aConnectionThatIsClosedHasNoThreads() throws IOException {
        Path hostKey = Keys.make(scratch, "host", "ed25519", "");
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key))) {
            for (int attempt = 0; attempt < 5; attempt++) {
                var before = ofConnections();
                assertThat(talk(server, server.knownHosts())).isNull();
                var left = ofConnections();
                left.removeAll(before);
                assertThat(left).isEmpty();
            }
        }
    }

    private static Set<Thread> ofConnections() {
        var threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getClass().getName().startsWith("net.schmizz."));
        return threads;
    }
}
