package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.sshj.EcdsaKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import net.schmizz.sshj.common.Buffer;
import org.apache.sshd.common.keyprovider.FileHostKeyCertificateProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host keys with a server at the other end. */
@Timeout(60)
class HostKeyTest extends WithServer {
    private TestServer serve(Path hostKey) throws IOException {
        return TestServer.with(hostKey, TestServer.letIn(key));
    }

    @ParameterizedTest
    @Tag("K5")
    @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521", "rsa, 3072"})
    void everyTypeOfHostKeyIsUnderstood(String type, String bits) throws IOException {
        try (TestServer server = serve(Keys.make(scratch, "host", type, "", "-b", bits))) {
            assertThat(talk(server, server.knownHosts())).isNull();
            assertThat(talk(server, Keys.fingerprint(server.hostKey))).isNull();
        }
    }

    @Test
    @Tag("K1")
    void anUnknownHostIsRefusedAndNoFileIsWritten() throws IOException {
        Path file = Files.writeString(scratch.resolve("known_hosts"), "# nobody\n");
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            HostException e = talk(server, file.toString());
            assertThat(e).hasMessageContaining("is unknown").hasMessageContaining(Keys.fingerprint(server.hostKey));
            assertThat(e).extracting("fault").isEqualTo(Fault.NOPERM);
        }
        assertThat(file).hasContent("# nobody\n");
    }

    @Test
    @Tag("K2")
    void aChangedKeyIsRefused() throws IOException {
        Path old = Keys.make(scratch, "old", "ed25519", "");
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            HostException e = talk(server, "[127.0.0.1]:" + server.port() + " " + Keys.publicKey(old) + "\n");
            assertThat(e).hasMessageContaining("CHANGED").extracting("fault").isEqualTo(Fault.NOPERM);
        }
    }

    @ParameterizedTest
    @Tag("K3")
    @ValueSource(strings = {"ecdsa", "rsa"})
    void anImpostorWithAnotherTypeOfKeyIsRefused(String type) throws IOException {
        Path known = Keys.make(scratch, "known", "ed25519", "");
        try (TestServer server = serve(Keys.make(scratch, "host", type, ""))) {
            HostException e = talk(server, "[127.0.0.1]:" + server.port() + " " + Keys.publicKey(known) + "\n");
            assertThat(e)
                    .hasMessageContaining("of another type")
                    .extracting("fault")
                    .isEqualTo(Fault.NOPERM);
        }
    }

    @ParameterizedTest
    @Tag("K3")
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aServerWithSeveralKeysShowsTheOneThatIsKnown(String known) throws IOException {
        List<Path> all = new ArrayList<>();
        for (String type : List.of("ed25519", "ecdsa", "rsa")) {
            all.add(Keys.make(scratch, "host_" + type, type, ""));
        }
        Consumer<SshServer> threeKeys = server -> server.setKeyPairProvider(KeyPairProvider.wrap(
                all.stream().flatMap(path -> TestServer.loaded(path).stream()).toList()));
        try (TestServer server =
                TestServer.with(all.get(0), TestServer.letIn(key).andThen(threeKeys))) {
            assertThat(talk(server, "127.0.0.1 " + Keys.publicKey(scratch.resolve("host_" + known)) + "\n"))
                    .isNull();
        }
    }

    @Test
    @Tag("K4")
    void aRevokedKeyIsRefused() throws IOException {
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            String revoked = "@revoked * " + Keys.publicKey(server.hostKey) + "\n";
            assertThat(talk(server, server.knownHosts() + revoked)).hasMessageContaining("REVOKED");
        }
    }

    @ParameterizedTest
    @Tag("K5")
    @CsvSource({
        "ed25519, ed25519",
        "ecdsa, ed25519",
        "rsa, ed25519",
        "ed25519, ecdsa",
        "ed25519, rsa",
    })
    void aCertificateOfAKnownAuthorityIsEnough(String hostType, String authorityType) throws IOException {
        Path authority = Keys.make(scratch, "ca", authorityType, "");
        try (TestServer server = certified(hostType, authority, "-h", "-n", "127.0.0.1", "-V", "-1h:+1h")) {
            assertThat(talk(server, "@cert-authority * " + Keys.publicKey(authority) + "\n"))
                    .isNull();
        }
    }

    @Test
    @Tag("K5")
    void withoutAKnownAuthorityACertifiedHostShowsItsPlainKey() throws IOException {
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        Path other = Keys.make(scratch, "other", "ed25519", "");
        try (TestServer server = certified("ed25519", authority, "-h", "-n", "127.0.0.1", "-V", "-1h:+1h")) {
            String otherAuthority = "@cert-authority * " + Keys.publicKey(other) + "\n";
            assertThat(talk(server, server.knownHosts())).isNull();
            assertThat(talk(server, otherAuthority + server.knownHosts())).isNull();
            assertThat(talk(server, otherAuthority)).hasMessageContaining("not signed by the known authority");
        }
    }

    @ParameterizedTest
    @Tag("K6")
    @CsvSource({
        "-h -n 127.0.0.1 -V -2h:-1h, is valid before",
        "-h -n 127.0.0.1 -V +1h:+2h, is valid after",
        "-h -n other.example.com -V -1h:+1h, doesn't match any of the principals",
        "-h -V -1h:+1h, it is for"
    })
    void aCertificateThatIsNotForThisHostAndHourIsRefused(String options, String reason) throws IOException {
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        try (TestServer server = certified("ed25519", authority, options.split(" ", -1))) {
            HostException e = talk(server, "@cert-authority * " + Keys.publicKey(authority) + "\n");
            assertThat(e).hasMessageContaining(reason).extracting("fault").isEqualTo(Fault.NOPERM);
        }
    }

    @Test
    @Tag("K6")
    void theCertificateOfAUserIsNoneOfAHost() throws Exception {
        EcdsaKeys.register();
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        Keys.call(List.of("ssh-keygen", "-q", "-s", authority.toString(), "-I", "x", "-n", "ci", key + ".pub"));
        byte[] blob = Base64.getDecoder()
                .decode(Keys.publicLine(Path.of(key + "-cert")).split(" ", -1)[1]);
        HostKeyCheck check = new HostKeyCheck(
                new SshAddress(null, "ci", 22),
                SshAccess.builder()
                        .knownHosts("@cert-authority * " + Keys.publicKey(authority))
                        .build()
                        .knownHosts());
        assertThat(check.verify("ci", 22, new Buffer.PlainBuffer(blob).readPublicKey()))
                .isFalse();
        assertThat(check.refusal()).hasMessageContaining("not a host certificate");
    }

    @Test
    @Tag("K4")
    @Tag("K6")
    void aRevokedAuthorityOrARevokedKeySpoilsTheCertificate() throws IOException {
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        try (TestServer server = certified("ed25519", authority, "-h", "-n", "127.0.0.1", "-V", "-1h:+1h")) {
            String trusted = "@cert-authority * " + Keys.publicKey(authority) + "\n";
            for (Path revoked : List.of(authority, server.hostKey)) {
                assertThat(talk(server, trusted + "@revoked * " + Keys.publicKey(revoked) + "\n"))
                        .hasMessageContaining("REVOKED");
            }
        }
    }

    private TestServer certified(String type, Path authority, String... options) throws IOException {
        Path host = Keys.make(scratch, "host", type, "");
        List<String> words =
                new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority.toString(), "-I", "test", "-z", "7"));
        words.addAll(List.of(options));
        words.add(host + ".pub");
        Keys.call(words);
        return TestServer.with(host, TestServer.letIn(key).andThen(server -> {
            server.setHostKeyCertificateProvider(new FileHostKeyCertificateProvider(Path.of(host + "-cert.pub")));
            server.setSignatureFactories(List.copyOf(BuiltinSignatures.VALUES));
        }));
    }
}
