package io.github.xdevops.compose.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.FileHostKeyCertificateProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host keys and algorithms, with a server at the other end. */
@Timeout(60)
class HostKeyTest {
    @TempDir
    Path scratch;

    private Path key;

    @BeforeEach
    void makeKey() throws IOException {
        key = Keys.make(scratch, "id", "ed25519", "");
    }

    private @Nullable HostException talk(TestServer server, String knownHosts) {
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

    private TestServer serve(Path hostKey) throws IOException {
        return TestServer.with(hostKey, TestServer.letIn(key));
    }

    @ParameterizedTest
    @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521", "rsa, 3072"})
    void every_type_of_host_key_is_understood_K5(String type, String bits) throws IOException {
        try (TestServer server = serve(Keys.make(scratch, "host", type, "", "-b", bits))) {
            assertThat(talk(server, server.knownHosts())).isNull();
            assertThat(talk(server, Keys.fingerprint(server.hostKey))).isNull();
        }
    }

    @Test
    void an_unknown_host_is_refused_and_no_file_is_written_K1() throws IOException {
        Path file = Files.writeString(scratch.resolve("known_hosts"), "# nobody\n");
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            HostException e = talk(server, file.toString());
            assertThat(e).hasMessageContaining("is unknown").hasMessageContaining(Keys.fingerprint(server.hostKey));
            assertThat(e).extracting("fault").isEqualTo(Fault.NOPERM);
        }
        assertThat(file).hasContent("# nobody\n");
    }

    @Test
    void a_changed_key_is_refused_K2() throws IOException {
        Path old = Keys.make(scratch, "old", "ed25519", "");
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            HostException e = talk(server, "[127.0.0.1]:" + server.port() + " " + Keys.publicKey(old) + "\n");
            assertThat(e).hasMessageContaining("CHANGED").extracting("fault").isEqualTo(Fault.NOPERM);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa"})
    void an_impostor_with_another_type_of_key_is_refused_K3(String type) throws IOException {
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
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void a_server_with_several_keys_shows_the_one_that_is_known_K3(String known) throws IOException {
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
    void a_revoked_key_is_refused_K4() throws IOException {
        try (TestServer server = serve(Keys.make(scratch, "host", "ed25519", ""))) {
            String revoked = "@revoked * " + Keys.publicKey(server.hostKey) + "\n";
            assertThat(talk(server, server.knownHosts() + revoked)).hasMessageContaining("REVOKED");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, ed25519",
        "ecdsa, ed25519",
        "rsa, ed25519",
        "ed25519, ecdsa",
        "ed25519, rsa",
    })
    void a_certificate_of_a_known_authority_is_enough_K5(String hostType, String authorityType) throws IOException {
        Path authority = Keys.make(scratch, "ca", authorityType, "");
        try (TestServer server = certified(hostType, authority, "-h", "-n", "127.0.0.1", "-V", "-1h:+1h")) {
            assertThat(talk(server, "@cert-authority * " + Keys.publicKey(authority) + "\n"))
                    .isNull();
        }
    }

    @Test
    void without_a_known_authority_a_certified_host_shows_its_plain_key_K5() throws IOException {
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
    @CsvSource({
        "-h -n 127.0.0.1 -V -2h:-1h, is valid before",
        "-h -n 127.0.0.1 -V +1h:+2h, is valid after",
        "-h -n other.example.com -V -1h:+1h, doesn't match any of the principals",
        "-h -V -1h:+1h, it is for"
    })
    void a_certificate_that_is_not_for_this_host_and_hour_is_refused_K6(String options, String reason)
            throws IOException {
        Path authority = Keys.make(scratch, "ca", "ed25519", "");
        try (TestServer server = certified("ed25519", authority, options.split(" ", -1))) {
            HostException e = talk(server, "@cert-authority * " + Keys.publicKey(authority) + "\n");
            assertThat(e).hasMessageContaining(reason).extracting("fault").isEqualTo(Fault.NOPERM);
        }
    }

    @Test
    void the_certificate_of_a_user_is_none_of_a_host_K6() throws Exception {
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
    void a_revoked_authority_or_a_revoked_key_spoils_the_certificate_K4_K6() throws IOException {
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

    @ParameterizedTest
    @ValueSource(strings = {"kex", "hostkey", "dss", "cbc", "arcfour", "chacha", "md5", "sha1"})
    void a_server_with_broken_or_doubtful_algorithms_only_is_PROTO_K9_K10(String weak) throws IOException {
        Path hostKey = Keys.make(scratch, "host", "rsa", "");
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key).andThen(it -> weaken(it, weak)))) {
            HostException e = talk(server, server.knownHosts());
            assertThat(e)
                    .hasMessageContaining("no common algorithm")
                    .extracting("fault")
                    .isEqualTo(Fault.PROTO);
        }
    }

    @SuppressWarnings("deprecation") // that is the point
    private static void weaken(SshServer server, String weak) {
        List<BuiltinMacs> sha1 = List.of(BuiltinMacs.hmacsha1, BuiltinMacs.hmacsha1etm);
        switch (weak) {
            case "kex" ->
                server.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        true, List.of(BuiltinDHFactories.dhg1, BuiltinDHFactories.dhg14), ServerBuilder.DH2KEX));
            case "hostkey" -> server.setSignatureFactories(List.of(BuiltinSignatures.rsa));
            case "dss" -> server.setSignatureFactories(List.of(BuiltinSignatures.dsa, BuiltinSignatures.rsa));
            case "cbc" -> server.setCipherFactories(List.of(BuiltinCiphers.aes128cbc, BuiltinCiphers.aes256cbc));
            case "arcfour" -> server.setCipherFactories(List.of(BuiltinCiphers.arcfour256));
            case "chacha" -> server.setCipherFactories(List.of(BuiltinCiphers.cc20p1305_openssh));
            case "md5" -> {
                server.setCipherFactories(List.of(BuiltinCiphers.aes128ctr));
                server.setMacFactories(List.of(BuiltinMacs.hmacmd5));
            }
            default -> {
                server.setCipherFactories(List.of(BuiltinCiphers.aes128ctr));
                server.setMacFactories(List.copyOf(sha1));
            }
        }
    }

    @Test
    void what_we_offer_is_an_explicit_list_K9_K10() {
        var config = Algorithms.config(true);
        assertThat(Factory.Named.Util.getNames(config.getKeyExchangeFactories()))
                .containsExactly(
                        "curve25519-sha256",
                        "curve25519-sha256@libssh.org",
                        "ecdh-sha2-nistp256",
                        "ecdh-sha2-nistp384",
                        "ecdh-sha2-nistp521",
                        "diffie-hellman-group16-sha512",
                        "diffie-hellman-group18-sha512");
        assertThat(Factory.Named.Util.getNames(config.getCipherFactories()))
                .containsExactly(
                        "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes192-ctr", "aes128-ctr");
        assertThat(Factory.Named.Util.getNames(config.getMACFactories()))
                .containsExactly(
                        "hmac-sha2-256-etm@openssh.com",
                        "hmac-sha2-512-etm@openssh.com",
                        "hmac-sha2-256",
                        "hmac-sha2-512");
        assertThat(Factory.Named.Util.getNames(config.getKeyAlgorithms()))
                .doesNotContain("ssh-rsa", "ssh-dss", "ssh-rsa-cert-v01@openssh.com", "ssh-dss-cert-v01@openssh.com")
                .contains("ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256");
        assertThat(Factory.Named.Util.getNames(config.getCompressionFactories()))
                .containsExactly("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"curve25519", "curve25519_libssh", "ecdhp256", "ecdhp384", "ecdhp521", "dhg16_512", "dhg18_512"})
    void every_key_exchange_works(String name) throws IOException {
        Path hostKey = Keys.make(scratch, "host", "ed25519", "");
        BuiltinDHFactories factory = BuiltinDHFactories.valueOf(name);
        try (TestServer server = TestServer.with(
                hostKey,
                TestServer.letIn(key)
                        .andThen(it -> it.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                                true, List.of(factory), ServerBuilder.DH2KEX))))) {
            assertThat(talk(server, server.knownHosts())).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes256gcm hmacsha256",
                "aes128gcm hmacsha256",
                "aes256ctr hmacsha256etm",
                "aes192ctr hmacsha512etm",
                "aes128ctr hmacsha256",
                "aes128ctr hmacsha512"
            })
    void every_cipher_and_mac_works(String names) throws IOException {
        Path hostKey = Keys.make(scratch, "host", "ed25519", "");
        String[] words = names.split(" ", -1);
        BuiltinCiphers cipher = BuiltinCiphers.valueOf(words[0]);
        BuiltinMacs mac = BuiltinMacs.valueOf(words[1]);
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key).andThen(it -> {
            it.setCipherFactories(List.of(cipher));
            it.setMacFactories(List.of(mac));
        }))) {
            assertThat(talk(server, server.knownHosts())).isNull();
        }
    }

    @Test
    void a_server_on_an_ipv6_address_is_reached_N25() throws IOException {
        Path hostKey = Keys.make(scratch, "host", "ed25519", "");
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key).andThen(it -> it.setHost("::1")))) {
            String known = "[::1]:" + server.port() + " " + Keys.publicKey(hostKey) + "\n";
            SshAccess access = SshAccess.builder()
                    .privateKey(key.toString())
                    .knownHosts(known)
                    .build();
            try (Host host = SshHost.connect(SshAddress.parse("a@b@[::1]:" + server.port()), access)) {
                assertThat(host.address()).isEqualTo("a@b@[::1]:" + server.port());
            }
        } catch (java.net.SocketException e) {
            org.junit.jupiter.api.Assumptions.abort("IPv6 is switched off here, so it was not checked");
        }
    }

    @Test
    void a_packet_size_of_nothing_does_not_hang_N24() {
        HostException e = catchThrowableOfType(HostException.class, () -> {
            Path hostKey = Keys.make(scratch, "host", "ed25519", "");
            try (TestServer server = TestServer.with(
                    hostKey, TestServer.letIn(key).andThen(it -> it.setChannelFactories(List.of(new NoPackets()))))) {
                HostException failure = talk(server, server.knownHosts());
                if (failure != null) {
                    throw failure;
                }
            }
        });
        assertThat(e).isNotNull().extracting("fault").isEqualTo(Fault.PROTO);
    }
}
