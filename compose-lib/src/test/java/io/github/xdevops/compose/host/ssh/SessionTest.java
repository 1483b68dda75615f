package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.ChannelListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server can do to a session. */
@Timeout(120)
class SessionTest extends ThroughRelay {
    @Test
    @Tag("N15")
    void aChannelThatClosesWithoutExitStatusIsUnknown() throws IOException {
        commandThat(channel -> {});
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
            assertThat(e).hasMessageContaining("without an exit status");
        }
    }

    @ParameterizedTest
    @Tag("N15")
    @CsvSource({"KILL, 137", "TERM, 143", "HUP, 129", "SEGV, 139", "XYZ@example.com, 255"})
    void anExitSignalIsNeverSuccess(String signal, int exit) throws IOException {
        commandThat(channel -> {
            Buffer buffer = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
            buffer.putUInt(channel.getRecipient());
            buffer.putString("exit-signal");
            buffer.putBoolean(false);
            buffer.putString(signal);
            buffer.putBoolean(false);
            buffer.putString("");
            buffer.putString("");
            channel.getSession().writePacket(buffer);
        });
        try (Host host = throughRelay()) {
            assertThat(run(host, "true").exit()).isEqualTo(exit);
        }
    }

    private interface Ending {
        void of(ChannelSession channel) throws IOException;
    }

    private void commandThat(Ending ending) {
        server.server.setCommandFactory((channel, text) -> new QuietCommand(() -> {
            ending.of(channel);
            channel.close(false);
        }));
    }

    @Test
    @Tag("N7")
    void aServerThatHangsUpDuringLoginIsProtocol() throws IOException {
        server.server.setPublickeyAuthenticator((user, shown, session) -> {
            session.close(true);
            return false;
        });
        HostException e = failure(this::throughRelay);
        assertThat(e.fault()).isEqualTo(Fault.PROTO);
        assertThat(e).hasMessageContaining("logging in");
        assertThat(relay.connections).hasValue(1);
    }

    @Test
    @Tag("N7")
    void aServerThatHangsUpWhenASessionOpensIsProtocol() throws IOException {
        server.server.addChannelListener(new ChannelListener() {
            @Override
            public void channelOpenSuccess(Channel channel) {
                channel.getSession().close(true);
            }
        });
        try (Host host = throughRelay()) {
            assertThat(failure(() -> run(host, "true")).fault()).isEqualTo(Fault.PROTO);
        }
    }

    @Test
    @Tag("N7")
    void aServerThatHangsUpOnTheExecRequestIsUnknown() throws IOException {
        server.server.setCommandFactory((channel, text) -> {
            channel.getSession().close(true);
            throw new IOException("gone");
        });
        try (Host host = throughRelay()) {
            assertThat(failure(() -> run(host, "true")).fault()).isEqualTo(Fault.UNKNOWN);
        }
    }

    @Test
    void aServerThatRunsNoCommandsIsProtocol() throws IOException {
        server.server.setCommandFactory(null);
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("refused to run a command");
        }
    }

    @Test
    @Tag("N20")
    void aServerThatOpensNoSessionIsProtocol() throws IOException {
        server.server.setChannelFactories(List.of());
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("refused to open a session");
        }
    }

    @ParameterizedTest
    @Tag("N20")
    @ValueSource(ints = {1, 3, 5})
    void aSessionThatIsNotFreeYetIsAskedForAgain(int refusals) throws IOException {
        AtomicLong left = new AtomicLong(refusals);
        ChannelFactory usual = server.server.getChannelFactories().get(0);
        try (Host host = throughRelay()) {
            run(host, "true");
            server.server.setChannelFactories(List.of(new ChannelFactory() {
                @Override
                public String getName() {
                    return usual.getName();
                }

                @Override
                public @Nullable Channel createChannel(Session session) throws IOException {
                    return left.getAndDecrement() > 0 ? null : usual.createChannel(session);
                }
            }));
            assertThat(run(host, "echo in").out()).isEqualTo("in\n");
        }
        assertThat(relay.connections).hasValue(refusals < 5 ? 1 : 2);
    }

    @Test
    @Tag("N17")
    void aConnectionThatWentAwayBetweenTwoCommandsIsMadeOnceMore() throws Exception {
        try (Host host = throughRelay()) {
            assertThat(run(host, "echo one").out()).isEqualTo("one\n");
            server.server.getActiveSessions().forEach(session -> session.close(true));
            assertThat(run(host, "echo two").out()).isEqualTo("two\n");
            relay.cutDownAfter = 0; // what is open now dies with its next byte
            relay.cutUpAfter = 0;
            assertThat(failure(() -> run(host, "echo three")).fault()).isIn(Fault.PROTO, Fault.UNKNOWN);
            relay.cutDownAfter = Long.MAX_VALUE;
            relay.cutUpAfter = Long.MAX_VALUE;
            assertThat(run(host, "echo four").out()).isEqualTo("four\n");
        }
    }

    @Test
    @Tag("N18")
    void aBusyServerThatDropsSomeConnectionsIsReachedInTheEnd() throws IOException {
        relay.drop = 3;
        try (Host host = throughRelay()) {
            assertThat(run(host, "echo in").out()).isEqualTo("in\n");
        }
        assertThat(relay.connections).hasValue(4);
    }

    @Test
    @Tag("N6")
    void linesBeforeTheGreetingAndALoginBannerDoNotReachTheOutput() throws IOException {
        CoreModuleProperties.SERVER_EXTRA_IDENTIFICATION_LINES.set(server.server, "Welcome|to this server");
        CoreModuleProperties.WELCOME_BANNER.set(server.server, "Property of example.com\n");
        try (Host host = throughRelay()) {
            assertThat(run(host, "echo out")).isEqualTo(new Result(0, "out\n", ""));
        }
    }

    @Test
    void closingEndsACommandThatIsWaitedFor() throws Exception {
        SshHost host = throughRelay();
        HostException e = failure(() ->
                host.run(Command.script("echo begun; sleep 30", List.of()), line -> new Thread(host::close).start()));
        assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
        assertThatThrownBy(() -> run(host, "true")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noThreadIsLeft() throws Exception {
        try (Host host = throughRelay()) {
            run(host, "cat; echo x >&2");
            failure(() ->
                    host.run(Command.script("sleep 30", List.of()).withDeadline(Duration.ofSeconds(1)), line -> {}));
            run(host, "true");
            assertThat(ours()).isNotEmpty();
        }
        for (int i = 0; i < 100 && !ours().isEmpty(); i++) {
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
