package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a name to a greeting: everything that can be wrong before SSH begins. */
@Timeout(60)
class ReachingTest {
    @TempDir
    static Path keys;

    private static Path key;

    @BeforeAll
    static void makeKey() throws IOException {
        key = Keys.make(keys, "id", "ed25519", "");
    }

    private static HostException refusal(SshAddress address, Duration timeout) {
        long start = System.nanoTime();
        HostException e = catchThrowableOfType(
                HostException.class,
                () -> SshHost.connect(
                        address,
                        SshAccess.builder()
                                .privateKey(key.toString())
                                .knownHosts("x y z\nx y z\n")
                                .connectTimeout(timeout)
                                .build()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.plusSeconds(2));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).contains(String.valueOf(address.port())).doesNotContain("\n", "\u001b");
        return e;
    }

    @Test
    @Tag("N1")
    void aRefusedConnectionIsNoHost() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        HostException e = refusal(new SshAddress("deploy", "127.0.0.1", port), Duration.ofSeconds(5));
        assertThat(e.fault()).isEqualTo(Fault.NOHOST);
        assertThat(e).hasMessageContaining("127.0.0.1 port " + port).hasMessageContaining("refused");
    }

    @Test
    @Tag("N1")
    void aNameThatDoesNotExistIsNoHost() {
        HostException e = refusal(new SshAddress("deploy", "no-such-host.invalid", 22), Duration.ofSeconds(20));
        assertThat(e.fault()).isEqualTo(Fault.NOHOST);
        assertThat(e).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    @Tag("N1")
    void aHostThatSwallowsPacketsIsNoHost() throws IOException {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (boolean room = true; room; ) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()), 300);
                } catch (SocketTimeoutException e) {
                    room = false;
                }
            }
            HostException e =
                    refusal(new SshAddress("deploy", "127.0.0.1", full.getLocalPort()), Duration.ofSeconds(1));
            assertThat(e.fault()).isEqualTo(Fault.NOHOST);
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    @Tag("N2")
    void aServerThatSaysNothingIsProtocol() throws IOException {
        try (FakeServer silent = FakeServer.saying("")) {
            HostException e = refusal(silent.address(), Duration.ofSeconds(1));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("within 1 s");
        }
    }

    @Test
    @Tag("N3")
    void aServerThatDribblesCannotStretchTheDeadline() throws IOException {
        try (FakeServer slow = new FakeServer(socket -> {
            while (true) {
                socket.getOutputStream().write('x');
                Thread.sleep(50);
            }
        })) {
            assertThat(refusal(slow.address(), Duration.ofSeconds(1)).fault()).isEqualTo(Fault.PROTO);
        }
    }

    @Test
    @Tag("N3")
    void aServerThatDribblesAfterItsGreetingCannotEither() throws IOException {
        try (FakeServer slow = new FakeServer(socket -> {
            socket.getOutputStream().write("SSH-2.0-x\r\n\0\0\u0010\0".getBytes(StandardCharsets.ISO_8859_1));
            while (true) {
                socket.getOutputStream().write(0);
                Thread.sleep(50);
            }
        })) {
            assertThat(refusal(slow.address(), Duration.ofSeconds(1)).fault()).isEqualTo(Fault.PROTO);
        }
    }

    @ParameterizedTest
    @Tag("N4")
    @ValueSource(strings = {"x", "a line\r\n"})
    void aGreetingWithoutEndIsCutOff(String text) throws IOException {
        byte[] bytes = text.repeat(1000).getBytes(StandardCharsets.ISO_8859_1);
        try (FakeServer endless = new FakeServer(socket -> {
            while (true) {
                socket.getOutputStream().write(bytes);
            }
        })) {
            HostException e = refusal(endless.address(), Duration.ofSeconds(10));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("on and on");
        }
    }

    @ParameterizedTest
    @Tag("N5")
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
                "SSH-1.5-old\r\n",
                "SSH-2.0-\u001b[31mred\r\n",
                "SSH-2.0-nul\0\r\n",
                "SSH-2.0-\u00ff\u00fe\r\n",
                "\0\u0001\u0002\u0003\n",
                "SSH-\r\n",
                "SSH-3.0-next\r\n",
                "220 mail.example.com ESMTP\r\n"
            })
    void anythingElseThanAnSshGreetingIsProtocolAndShownHarmless(String said) throws IOException {
        try (FakeServer odd =
                new FakeServer(socket -> socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1)))) {
            HostException e = refusal(odd.address(), Duration.ofSeconds(10));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("does not speak SSH 2.0");
            assertThat(odd.connections).hasValue(1);
        }
    }

    @Test
    @Tag("N5")
    void aGreetingThatIsTooLongIsProtocol() throws IOException {
        try (FakeServer odd = FakeServer.saying("SSH-2.0-" + "x".repeat(300) + "\r\n")) {
            assertThat(refusal(odd.address(), Duration.ofSeconds(10)).fault()).isEqualTo(Fault.PROTO);
        }
    }

    @Test
    @Tag("N5")
    void noiseAfterTheGreetingIsProtocol() throws IOException {
        try (FakeServer odd = FakeServer.saying("SSH-2.0-odd\r\n" + "\u00ff".repeat(64))) {
            assertThat(refusal(odd.address(), Duration.ofSeconds(10)).fault()).isEqualTo(Fault.PROTO);
        }
    }

    @Test
    @Tag("N18")
    void aBusyServerIsTriedAgainAndThenGivenUp() throws IOException {
        try (FakeServer busy = new FakeServer(socket -> {})) {
            HostException e = refusal(busy.address(), Duration.ofSeconds(3));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("MaxStartups");
            assertThat(busy.connections.get()).isBetween(2, 6);
        }
    }

    @Test
    @Tag("N19")
    void aServerThatKeepsUsOutSaysSo() throws IOException {
        try (FakeServer busy = new FakeServer(socket ->
                socket.getOutputStream().write("Not allowed at this time\r\n".getBytes(StandardCharsets.ISO_8859_1)))) {
            HostException e = refusal(busy.address(), Duration.ofSeconds(2));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("Not allowed at this time").hasMessageContaining("PerSourcePenalties");
        }
    }
}
