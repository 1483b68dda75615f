package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColdStartTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aProcessOfItsOwnConnectsWithoutBouncyCastleAndWithoutAWord(String type) throws IOException {
        Path key = Keys.make(scratch, "id", type, "");
        Path hostKey = Keys.make(scratch, "host", type, "");
        Path classes = scratch.resolve("classes");
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key))) {
            Path known = Files.writeString(scratch.resolve("known_hosts"), server.knownHosts());
            String said = Keys.call(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xlog:class+load:file=" + classes,
                    "-cp",
                    System.getProperty("java.class.path"),
                    ColdStart.class.getName(),
                    server.address().toString(),
                    key.toString(),
                    known.toString()));
            assertThat(said).matches("in\n[0-9]+ ms\n");
        }
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains("net.schmizz.sshj"));
        assertThat(loaded).filteredOn(line -> line.contains("org.bouncycastle")).isEmpty();
    }
}
