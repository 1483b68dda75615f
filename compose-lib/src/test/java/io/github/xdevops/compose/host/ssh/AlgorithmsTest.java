package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.schmizz.sshj.common.Factory;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is spoken and what is not, with a server at the other end. */
@Timeout(60)
class AlgorithmsTest extends WithServer {
    @ParameterizedTest
    @Tag("K9")
    @Tag("K10")
    @ValueSource(strings = {"kex", "hostkey", "dss", "cbc", "arcfour", "chacha", "md5", "sha1"})
    void aServerWithBrokenOrDoubtfulAlgorithmsOnlyIsProtocol(String weak) throws IOException {
        Path hostKey = Keys.make(scratch, "host", "rsa", "");
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key).andThen(it -> weaken(it, weak)))) {
            HostException e = talk(server, server.knownHosts());
            assertThat(e)
                    .hasMessageContaining("no common algorithm")
                    .extracting("fault")
                    .isEqualTo(Fault.PROTO);
        }
    }

    /** Many at once, because the transport ends before the key exchange begins in one of a hundred. */
    @Test
    void theReasonIsGivenAlsoWhenTheTransportEndsEarly() throws Exception {
        Path hostKey = Keys.make(scratch, "host", "rsa", "");
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try (TestServer server = TestServer.with(hostKey, TestServer.letIn(key).andThen(it -> weaken(it, "hostkey")))) {
            List<Future<HostException>> all = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                all.add(threads.submit(() -> talk(server, server.knownHosts())));
            }
            for (Future<HostException> one : all) {
                assertThat(one.get()).hasMessageContaining("no common algorithm");
            }
        } finally {
            threads.shutdownNow();
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
    @Tag("K9")
    @Tag("K10")
    void whatWeOfferIsAnExplicitList() {
        var config = Algorithms.config(true, true);
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
    void everyKeyExchangeWorks(String name) throws IOException {
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
    void everyCipherAndMacWorks(String names) throws IOException {
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
    @Tag("N25")
    void aServerOnAnIpv6AddressIsReached() throws IOException {
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
    @Tag("N24")
    void aPacketSizeOfNothingDoesNotHang() {
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
