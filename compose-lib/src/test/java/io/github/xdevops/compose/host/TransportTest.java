package io.github.xdevops.compose.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network and a server can do to a session. */
@Timeout(120)
class TransportTest {
    @TempDir
    Path scratch;

    private Path key;
    private TestServer server;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        key = Keys.make(scratch, "id", "ed25519", "");
        server = TestServer.start(scratch, TestServer.letIn(key));
        relay = new Relay(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        server.close();
    }

    private SshAccess.Builder access() throws IOException {
        return SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(server.knownHosts())
                .connectTimeout(Duration.ofSeconds(5));
    }

    private SshHost throughRelay() throws IOException {
        return SshHost.connect(
                new SshAddress("deploy", "127.0.0.1", relay.port()),
                access().keepAlive(Duration.ofSeconds(1)).build());
    }

    private static Result run(Host host, String script, String... arguments) {
        return host.run(Command.script(script, List.of(arguments)).withDeadline(Duration.ofSeconds(60)), line -> {});
    }

    private static HostException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        HostException e = catchThrowableOfType(HostException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.getMessage().lines().findFirst().orElse("")).hasSizeLessThan(500);
        return e;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wherever_the_connection_is_cut_the_fault_says_whether_the_command_may_have_run_N7_N8(boolean upward)
            throws Exception {
        Path marks = Files.createDirectories(scratch.resolve("marks"));
        try (Host host = throughRelay()) {
            run(host, ": >\"$1\"; echo done", marks.resolve("whole").toString());
        }
        long total = (upward ? relay.up : relay.down).get();
        assertThat(total).isGreaterThan(1000);
        int unknown = 0;
        int ok = 0;
        for (long k = 0; k <= total + 640; k += 64) {
            Path mark = marks.resolve(upward + "-" + k);
            relay.cutUpAfter = upward ? k : Long.MAX_VALUE;
            relay.cutDownAfter = upward ? Long.MAX_VALUE : k;
            Duration patience = Duration.ofSeconds(k == 0 ? 1 : 5);
            try (Host host = SshHost.connect(
                    new SshAddress("deploy", "127.0.0.1", relay.port()),
                    access().connectTimeout(patience).build())) {
                assertThat(run(host, ": >\"$1\"; echo done", mark.toString())).isEqualTo(new Result(0, "done\n", ""));
                assertThat(mark).exists();
                ok++;
            } catch (HostException e) {
                if (e.fault() == Fault.UNKNOWN) {
                    unknown++;
                } else {
                    assertThat(e.fault()).isEqualTo(Fault.PROTO);
                    Thread.sleep(20);
                    assertThat(mark).doesNotExist();
                }
            }
        }
        assertThat(ok).isPositive();
        assertThat(unknown).isPositive();
    }

    @Test
    void a_cut_in_the_middle_of_an_upload_is_UNKNOWN_N9() throws IOException {
        relay.cutUpAfter = 300_000;
        try (Host host = throughRelay()) {
            HostException e = failure(() -> host.run(
                    Command.script("cat >/dev/null; echo done", List.of()).withStdin(new byte[1_000_000]), line -> {}));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50_000_000})
    void a_network_that_goes_dark_is_noticed_N10(int upload) throws IOException {
        try (Host host = throughRelay()) {
            long start = System.nanoTime();
            HostException e = failure(() -> host.run(
                    Command.script("echo begun; cat >/dev/null; sleep 30", List.of())
                            .withStdin(new byte[upload])
                            .withDeadline(Duration.ofSeconds(60)),
                    line -> relay.frozen = true));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
            assertThat(e).hasMessageContaining("silent");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_quiet_command_on_a_healthy_connection_is_left_alone_N10() throws IOException {
        try (Host host = throughRelay()) {
            assertThat(run(host, "sleep 6; echo done").out()).isEqualTo("done\n");
        }
    }

    @Test
    void by_default_a_dark_network_is_noticed_within_a_minute_N10() {
        assertThat(SshAccess.defaults().keepAlive().multipliedBy(3)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void a_slow_network_is_no_fault_N11() throws IOException {
        relay.delay = 100;
        relay.chunk = 4096;
        try (Host host = throughRelay()) {
            byte[] input = new byte[100_000];
            Result result = host.run(Command.script("wc -c", List.of()).withStdin(input), line -> {});
            assertThat(result.out().strip()).isEqualTo("100000");
        }
    }

    @Test
    void keys_are_renewed_during_a_transfer_N12() throws IOException {
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(server.server, 1_000_000L);
        try (Host host = throughRelay()) {
            Result result = host.run(
                    Command.script("cat | tee /dev/stderr | wc -c", List.of()).withStdin(new byte[12_000_000]),
                    line -> {});
            assertThat(result.out().strip()).isEqualTo("12000000");
        }
    }

    @Test
    void memory_stays_flat_on_huge_output_N13() throws IOException {
        AtomicLong seen = new AtomicLong();
        AtomicLong highest = new AtomicLong();
        try (Host host = throughRelay()) {
            run(host, "echo warm");
            long before = used();
            Result result = host.run(
                    Command.script(
                            "head -c 64000000 /dev/zero >&2 & head -c 64000000 /dev/zero | tr \"\\0\" \"x\" | fold -w 999;"
                                    + " wait; echo; echo end",
                            List.of()),
                    line -> {
                        if (seen.incrementAndGet() % 8000 == 0) {
                            highest.accumulateAndGet(used(), Math::max);
                        }
                    });
            assertThat(result.exit()).isZero();
            assertThat(result.out()).endsWith("end\n").hasSizeLessThanOrEqualTo(Result.KEPT);
            assertThat(seen.get()).isGreaterThan(64_000);
            assertThat(highest.get() - before).isLessThan(24_000_000);
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void a_channel_that_closes_without_exit_status_is_UNKNOWN_N15() throws IOException {
        commandThat(channel -> {});
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
            assertThat(e).hasMessageContaining("without an exit status");
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "HUP, 129", "SEGV, 139", "XYZ@example.com, 255"})
    void an_exit_signal_is_never_success_N15(String signal, int exit) throws IOException {
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
    void a_server_that_hangs_up_during_login_is_PROTO_N7() throws IOException {
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
    void a_server_that_hangs_up_when_a_session_opens_is_PROTO_N7() throws IOException {
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
    void a_server_that_hangs_up_on_the_exec_request_is_UNKNOWN_N7() throws IOException {
        server.server.setCommandFactory((channel, text) -> {
            channel.getSession().close(true);
            throw new IOException("gone");
        });
        try (Host host = throughRelay()) {
            assertThat(failure(() -> run(host, "true")).fault()).isEqualTo(Fault.UNKNOWN);
        }
    }

    @Test
    void a_server_that_runs_no_commands_is_PROTO() throws IOException {
        server.server.setCommandFactory(null);
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("refused to run a command");
        }
    }

    @Test
    void a_server_that_opens_no_session_is_PROTO_N20() throws IOException {
        server.server.setChannelFactories(List.of());
        try (Host host = throughRelay()) {
            HostException e = failure(() -> run(host, "true"));
            assertThat(e.fault()).isEqualTo(Fault.PROTO);
            assertThat(e).hasMessageContaining("refused to open a session");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void a_session_that_is_not_free_yet_is_asked_for_again_N20(int refusals) throws IOException {
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
    void a_connection_that_went_away_between_two_commands_is_made_once_more_N17() throws Exception {
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
    void a_busy_server_that_drops_some_connections_is_reached_in_the_end_N18() throws IOException {
        relay.drop = 3;
        try (Host host = throughRelay()) {
            assertThat(run(host, "echo in").out()).isEqualTo("in\n");
        }
        assertThat(relay.connections).hasValue(4);
    }

    @Test
    void lines_before_the_greeting_and_a_login_banner_do_not_reach_the_output_N6() throws IOException {
        CoreModuleProperties.SERVER_EXTRA_IDENTIFICATION_LINES.set(server.server, "Welcome|to this server");
        CoreModuleProperties.WELCOME_BANNER.set(server.server, "Property of example.com\n");
        try (Host host = throughRelay()) {
            assertThat(run(host, "echo out")).isEqualTo(new Result(0, "out\n", ""));
        }
    }

    @Test
    void closing_ends_a_command_that_is_waited_for() throws Exception {
        SshHost host = throughRelay();
        HostException e = failure(() ->
                host.run(Command.script("echo begun; sleep 30", List.of()), line -> new Thread(host::close).start()));
        assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
        assertThatThrownBy(() -> run(host, "true")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void no_thread_is_left() throws Exception {
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
