package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the way through a bastion: what can be wrong with it, behind it, and between. */
@Tag("N25")
@Timeout(120)
class JumpTest {
    @TempDir
    Path scratch;

    private Path key;
    private TestServer bastion;
    private TestServer server;
    private Relay toBastion;
    private Relay toServer;

    @BeforeEach
    void start() throws IOException {
        key = Keys.make(scratch, "id", "ed25519", "");
        bastion = bastion("bastion");
        server = TestServer.with(Keys.make(scratch, "behind", "ed25519", ""), TestServer.letIn(key));
        toBastion = new Relay(bastion.port());
        toServer = new Relay(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        toServer.close();
        toBastion.close();
        server.close();
        bastion.close();
    }

    private TestServer bastion(String name) throws IOException {
        return TestServer.with(
                Keys.make(scratch, name, "ed25519", ""),
                TestServer.letIn(key).andThen(it -> it.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE)));
    }

    private static SshAddress at(int port) {
        return new SshAddress("deploy", "127.0.0.1", port);
    }

    private static String known(int port, Path hostKey) throws IOException {
        return "[127.0.0.1]:" + port + " " + Keys.publicKey(hostKey) + "\n";
    }

    private SshAccess.Builder access() throws IOException {
        return SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(known(toBastion.port(), bastion.hostKey) + known(toServer.port(), server.hostKey))
                .jumps(List.of(at(toBastion.port())))
                .keepAlive(Duration.ofSeconds(1))
                .connectTimeout(Duration.ofSeconds(10));
    }

    private SshHost connect() throws IOException {
        return SshHost.connect(at(toServer.port()), access().build());
    }

    private static String echo(Host host) {
        return host.run(Command.script("echo in", List.of()), line -> {}).out();
    }

    private static HostException refused(SshAddress address, SshAccess.Builder access) {
        HostException e = catchThrowableOfType(HostException.class, () -> SshHost.connect(address, access.build()));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain("\n");
        return e;
    }

    @Test
    void severalBastionsAreEnteredInTurnUnderTheNameOfTheServersUser() throws IOException {
        List<String> entered = new ArrayList<>();
        try (TestServer second = bastion("second")) {
            for (TestServer one : List.of(bastion, second, server)) {
                var letIn = one.server.getPublickeyAuthenticator();
                one.server.setPublickeyAuthenticator((user, shown, session) -> {
                    entered.add(user + "@" + one.port());
                    return letIn.authenticate(user, shown, session);
                });
            }
            SshAccess access = access().knownHosts(known(bastion.port(), bastion.hostKey)
                            + known(second.port(), second.hostKey)
                            + known(server.port(), server.hostKey))
                    .jumps(List.of(
                            new SshAddress("jumper", "127.0.0.1", bastion.port()),
                            new SshAddress(null, "127.0.0.1", second.port())))
                    .build();
            try (Host host = SshHost.connect(at(server.port()), access)) {
                assertThat(echo(host)).isEqualTo("in\n");
                assertThat(host.address()).isEqualTo("deploy@127.0.0.1:" + server.port());
            }
        }
        assertThat(entered.stream().distinct())
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("jumper@" + bastion.port()),
                        two -> assertThat(two).startsWith("deploy@"),
                        three -> assertThat(three).isEqualTo("deploy@" + server.port()));
    }

    @Test
    void theHostKeyOfTheBastionIsCheckedBeforeAnythingGoesFurther() throws IOException {
        HostException e = refused(at(toServer.port()), access().knownHosts(known(toServer.port(), server.hostKey)));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e).hasMessageContaining("127.0.0.1:" + toBastion.port()).hasMessageContaining("is unknown");
        assertThat(toServer.connections).hasValue(0);
    }

    @Test
    void aBastionThatLeadsToSomebodyElseIsFoundOut() throws IOException {
        HostException e = refused(
                at(toServer.port()),
                access().knownHosts(
                                known(toBastion.port(), bastion.hostKey) + known(toServer.port(), bastion.hostKey)));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e).hasMessageContaining("127.0.0.1:" + toServer.port()).hasMessageContaining("has CHANGED");
    }

    @Test
    void fingerprintsAreRefusedBecauseABastionCouldPoseAsTheServer() throws IOException {
        HostException e = refused(
                at(toServer.port()),
                access().knownHosts(Keys.fingerprint(bastion.hostKey) + " " + Keys.fingerprint(server.hostKey)));
        assertThat(e.fault()).isEqualTo(Fault.USAGE);
        assertThat(toBastion.connections).hasValue(0);
    }

    @Test
    void aPasswordIsForTheServerAndNotForTheBastion() throws IOException {
        List<String> seen = new ArrayList<>();
        bastion.server.setPasswordAuthenticator((user, password, session) -> seen.add(password));
        server.server.setPublickeyAuthenticator((user, shown, session) -> false);
        server.server.setPasswordAuthenticator((user, password, session) -> password.equals("hush"));
        try (Host host =
                SshHost.connect(at(toServer.port()), access().password("hush").build())) {
            assertThat(echo(host)).isEqualTo("in\n");
        }
        HostException e = refused(at(toServer.port()), access().privateKey(null).password("hush"));
        assertThat(e.fault()).isEqualTo(Fault.USAGE);
        bastion.server.setPublickeyAuthenticator((user, shown, session) -> false);
        e = refused(at(toServer.port()), access().password("hush"));
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e).hasMessageContaining("127.0.0.1:" + toBastion.port() + " does not let deploy in");
        assertThat(seen).isEmpty();
    }

    @Test
    void aBastionThatDoesNotConnectOnwardIsNOPERM() throws IOException {
        bastion.server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        HostException e = refused(at(toServer.port()), access());
        assertThat(e.fault()).isEqualTo(Fault.NOPERM);
        assertThat(e)
                .hasMessageContaining("127.0.0.1:" + toBastion.port() + " does not connect deploy to 127.0.0.1 port "
                        + toServer.port())
                .hasMessageContaining("AllowTcpForwarding");
    }

    @Test
    void whatTheBastionCannotReachIsNOHOST() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        HostException e = refused(at(nobody), access());
        assertThat(e.fault()).isEqualTo(Fault.NOHOST);
        assertThat(e)
                .hasMessageContaining("Cannot reach 127.0.0.1 port " + nobody + " from 127.0.0.1:" + toBastion.port());
        HostException itself = refused(at(toServer.port()), access().jumps(List.of(at(nobody))));
        assertThat(itself.fault()).isEqualTo(Fault.NOHOST);
        assertThat(itself).hasMessageContaining("Cannot reach 127.0.0.1 port " + nobody + ":");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSilentServerIsNamedWhenTheTimeIsUp(boolean bastionIsSilent) throws IOException {
        try (FakeServer silent = FakeServer.saying("")) {
            SshAccess.Builder access = access().connectTimeout(Duration.ofSeconds(3));
            HostException e = bastionIsSilent
                    ? refused(at(toServer.port()), access.jumps(List.of(silent.address())))
                    : refused(silent.address(), access);
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining(silent.address().server()).hasMessageContaining("within 3 s");
        }
    }

    @Test
    void aBusyServerIsTriedAgainBehindABastion() throws IOException {
        toServer.drop = 2;
        toBastion.drop = 1;
        try (Host host = connect()) {
            assertThat(echo(host)).isEqualTo("in\n");
        }
        assertThat(toServer.connections).hasValue(3);
        assertThat(toBastion.connections).hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionThatIsCutOnEitherSideIsUNKNOWNAndMadeAgain(boolean beforeTheBastion) throws IOException {
        Relay cut = beforeTheBastion ? toBastion : toServer;
        try (Host host = connect()) {
            echo(host);
            HostException e = catchThrowableOfType(
                    HostException.class,
                    () -> host.run(Command.script("echo begun; sleep 20", List.of()), line -> cut.cutAll()));
            assertThat(e).isNotNull().extracting("fault").isEqualTo(Fault.UNKNOWN);
            assertThat(echo(host)).isEqualTo("in\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50_000_000})
    void aNetworkThatGoesDarkBehindTheBastionIsNoticed(int upload) throws IOException {
        try (Host host = connect()) {
            HostException e = catchThrowableOfType(
                    HostException.class,
                    () -> host.run(
                            Command.script("echo begun; cat >/dev/null; sleep 30", List.of())
                                    .withStdin(new byte[upload])
                                    .withDeadline(Duration.ofSeconds(60)),
                            line -> toServer.frozen = true));
            assertThat(e).isNotNull().extracting("fault").isEqualTo(Fault.UNKNOWN);
            assertThat(e).hasMessageContaining("silent");
        }
    }

    @Test
    void noThreadIsLeft() throws Exception {
        try (Host host = connect()) {
            echo(host);
            assertThat(ours()).contains("compose-tunnel");
        }
        for (int i = 0; i < 200 && !ours().isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(ours()).isEmpty();
    }

    private static List<String> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sshj") || name.startsWith("compose-"))
                .toList();
    }
}
