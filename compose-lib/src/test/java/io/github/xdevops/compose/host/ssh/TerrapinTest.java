package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody in between puts a packet into the handshake, and takes one from behind it. */
@Tag("K10")
@Timeout(60)
class TerrapinTest extends WithServer {
    private static final int GCM_TAG = 16;

    private TestServer serve(boolean strict) throws IOException {
        Path hostKey = Keys.make(scratch, "host", "ed25519", "");
        return TestServer.with(hostKey, TestServer.letIn(key).andThen(server -> {
            server.setCipherFactories(List.of(BuiltinCiphers.aes256gcm));
            if (!strict) {
                server.setSessionFactory(new SessionFactory(server) {
                    @Override
                    protected ServerSessionImpl doCreateSession(IoSession io) throws Exception {
                        return new OldServer(getServer(), io);
                    }
                });
            }
        }));
    }

    /** One from before 2024, which does not offer strict key exchange. */
    private static final class OldServer extends ServerSessionImpl {
        OldServer(ServerFactoryManager server, IoSession io) throws Exception {
            super(server, io);
        }

        @Override
        protected Map<KexProposalOption, String> doStrictKexProposal(Map<KexProposalOption, String> proposal) {
            return proposal;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutAnAttackBothKindsOfServerAreReached(boolean strict) throws IOException {
        try (TestServer server = serve(strict)) {
            assertThat(talk(server, server.knownHosts())).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatWasTamperedWithNeverBegins(boolean strict) throws IOException {
        AtomicBoolean offered = new AtomicBoolean();
        AtomicInteger taken = new AtomicInteger();
        try (TestServer server = serve(strict);
                FakeServer between = new FakeServer(client -> tamper(client, server.port(), offered, taken))) {
            HostException e = org.assertj.core.api.Assertions.catchThrowableOfType(
                    HostException.class,
                    () -> SshHost.connect(
                            between.address(),
                            SshAccess.builder()
                                    .privateKey(key.toString())
                                    .knownHosts(server.knownHosts())
                                    .connectTimeout(Duration.ofSeconds(10))
                                    .build()));
            assertThat(e).isNotNull().extracting("fault").isEqualTo(Fault.PROTO);
        }
        assertThat(offered.get()).isEqualTo(strict);
        // A strict client leaves at the packet that was put in, before there is one to take.
        assertThat(taken).hasValue(strict ? 0 : 1);
    }

    private static void tamper(Socket client, int port, AtomicBoolean strict, AtomicInteger taken) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread up = new Thread(() -> copy(client, server), "test-up");
            up.setDaemon(true);
            up.start();
            DataInputStream in = new DataInputStream(server.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            for (int b = in.read(); b != '\n'; b = in.read()) {
                out.write(b);
            }
            out.write('\n');
            byte[] proposal = packet(in, 0);
            strict.set(new String(proposal, StandardCharsets.ISO_8859_1).contains("kex-strict-s-v00@openssh.com"));
            out.write(proposal);
            out.write(new byte[] {0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}); // IGNORE
            out.write(packet(in, 0)); // the server's share of the key
            out.write(packet(in, 0)); // NEWKEYS
            packet(in, GCM_TAG);
            taken.incrementAndGet();
            in.transferTo(out);
        } catch (EOFException e) {
            // The server has gone, because the client has.
        }
    }

    private static byte[] packet(DataInputStream in, int tag) throws IOException {
        int length = in.readInt();
        byte[] packet = new byte[4 + length + tag];
        packet[0] = (byte) (length >>> 24);
        packet[1] = (byte) (length >>> 16);
        packet[2] = (byte) (length >>> 8);
        packet[3] = (byte) length;
        in.readFully(packet, 4, length + tag);
        return packet;
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // It is over.
        }
    }
}
