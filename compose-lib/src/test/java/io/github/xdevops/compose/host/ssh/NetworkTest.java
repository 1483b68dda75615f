package io.github.xdevops.compose.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network can do to a session. */
@Timeout(120)
class NetworkTest extends ThroughRelay {
    @ParameterizedTest
    @Tag("N7")
    @Tag("N8")
    @ValueSource(booleans = {true, false})
    void whereverTheConnectionIsCutTheFaultSaysWhetherTheCommandMayHaveRun(boolean upward) throws Exception {
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
    @Tag("N9")
    void aCutInTheMiddleOfAnUploadIsUnknown() throws IOException {
        relay.cutUpAfter = 300_000;
        try (Host host = throughRelay()) {
            HostException e = failure(() -> host.run(
                    Command.script("cat >/dev/null; echo done", List.of()).withStdin(new byte[1_000_000]), line -> {}));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
        }
    }

    @ParameterizedTest
    @Tag("N10")
    @ValueSource(ints = {0, 50_000_000})
    void aNetworkThatGoesDarkIsNoticed(int upload) throws IOException {
        try (Host host = throughRelay()) {
            HostException e = failure(() -> host.run(
                    Command.script("echo begun; cat >/dev/null; sleep 30", List.of())
                            .withStdin(new byte[upload])
                            .withDeadline(Duration.ofSeconds(60)),
                    line -> relay.frozen = true));
            assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
            assertThat(e).as("not the deadline").hasMessageContaining("silent");
        }
    }

    @Test
    @Tag("N10")
    void aQuietCommandOnAHealthyConnectionIsLeftAlone() throws IOException {
        try (Host host = throughRelay()) {
            assertThat(run(host, "sleep 6; echo done").out()).isEqualTo("done\n");
        }
    }

    @Test
    @Tag("N10")
    void byDefaultADarkNetworkIsNoticedWithinAMinute() {
        assertThat(SshAccess.defaults().keepAlive().multipliedBy(3)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    @Tag("N11")
    void aSlowNetworkIsNoFault() throws IOException {
        relay.delay = 500; // ms each way
        relay.chunk = 32 * 1024; // so that 64 kB pass in a second
        relay.stallEvery = 7; // a lost packet holds up all that comes after it
        try (Host host = SshHost.connect(
                new SshAddress("deploy", "127.0.0.1", relay.port()),
                access().connectTimeout(SshAccess.defaults().connectTimeout()).build())) {
            byte[] input = new byte[100_000];
            Result result = host.run(Command.script("wc -c", List.of()).withStdin(input), line -> {});
            assertThat(result.out().strip()).isEqualTo("100000");
        }
        assertThat(relay.connections).hasValue(1);
    }

    @Test
    @Tag("N12")
    void keysAreRenewedDuringATransfer() throws IOException {
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(server.server, 1_000_000L);
        AtomicLong keys = new AtomicLong();
        server.server.addSessionListener(new SessionListener() {
            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.KexCompleted) {
                    keys.incrementAndGet();
                }
            }
        });
        try (Host host = throughRelay()) {
            Result result = host.run(
                    Command.script("cat | tee /dev/stderr | wc -c", List.of()).withStdin(new byte[12_000_000]),
                    line -> {});
            assertThat(result.out().strip()).isEqualTo("12000000");
        }
        assertThat(keys.get()).isGreaterThan(5);
    }

    @Test
    @Tag("N13")
    void memoryStaysFlatOnHugeOutput() throws IOException {
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
}
