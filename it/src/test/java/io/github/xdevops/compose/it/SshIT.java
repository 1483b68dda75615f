package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.SshAccess;
import io.github.xdevops.compose.host.SshAddress;
import io.github.xdevops.compose.host.SshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What OpenSSH itself says to the ways in that are rarer than a key. */
class SshIT {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void connect() {
        server = TestServer.required();
    }

    /** The server by its other name, so that it is its own bastion. */
    private SshAddress behind() {
        return new SshAddress(SshAddress.parse(server.address()).user(), "localhost", server.port());
    }

    private SshAccess.Builder access() {
        return SshAccess.builder().privateKey(server.key()).knownHosts(server.knownHosts());
    }

    private static String run(Host host, String script) {
        return host.run(Command.script(script, List.of()), line -> {}).out().strip();
    }

    @Test
    @Tag("N25")
    void aBastionLeadsToTheServer() {
        var bastion = SshAddress.parse(server.address());
        try (var host =
                SshHost.connect(behind(), access().jumps(List.of(bastion)).build())) {
            assertThat(run(host, "echo in")).isEqualTo("in");
            var sent = new byte[20_000_000];
            var counted = host.run(Command.script("wc -c", List.of()).withStdin(sent), line -> {});
            assertThat(counted.out().strip()).isEqualTo("20000000");
        }
        var nobody = new SshAddress(bastion.user(), "localhost", 1);
        var jumping = access().jumps(List.of(bastion, bastion)).build();
        assertThatThrownBy(() -> SshHost.connect(nobody, jumping))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NOHOST))
                .hasMessageContaining("Cannot reach localhost port 1 from " + bastion.host());
    }

    @Test
    @Tag("N25")
    void theGoalsTakeABastion() {
        var outcome = new Maven(directory, server)
                .run(
                        "list",
                        List.of(
                                "-Dcompose.host=" + behind(),
                                "-Dcompose.jump=" + server.address(),
                                "-Dcompose.privateKey=" + server.key(),
                                "-Dcompose.knownHosts=" + server.knownHosts()),
                        Map.of());
        assertThat(outcome.exit()).as(outcome.out()).isZero();
    }

    @Test
    @Tag("K12")
    void aCertificateLetsAKeyInThatTheServerDoesNotKnow() throws Exception {
        var authority = key("authority");
        var keys = Path.of(server.home() + "/.ssh/authorized_keys");
        var before = Files.readString(keys);
        var key = key("id");
        call(List.of(
                "ssh-keygen", "-q", "-s", authority.toString(), "-I", "it", "-n", "deploy", "-V", "+5m", key + ".pub"));
        var access = SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(server.knownHosts())
                .build();
        var address = SshAddress.parse(server.address());
        assertThatThrownBy(() -> SshHost.connect(address, access))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("tried certificate of " + key);
        Files.writeString(keys, before + "cert-authority " + Files.readString(Path.of(authority + ".pub")));
        try (var host = SshHost.connect(address, access)) {
            assertThat(run(host, "echo in")).isEqualTo("in");
        } finally {
            Files.writeString(keys, before);
        }
    }

    private Path key(String name) throws IOException, InterruptedException {
        var file = directory.resolve(name);
        call(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString()));
        return file;
    }

    private static void call(List<String> words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(new ArrayList<>(words)).inheritIO().start();
        assertThat(process.waitFor()).as(words.toString()).isZero();
    }
}
