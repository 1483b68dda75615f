package io.github.xdevops.compose.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.xdevops.compose.host.HostException.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every host does alike. */
@Timeout(60)
public abstract class HostContract {
    @TempDir
    public Path scratch;

    private Host host;

    protected abstract Host open() throws Exception;

    @BeforeEach
    void openHost() throws Exception {
        host = open();
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private static Command sh(String script, String... arguments) {
        return Command.script(script, List.of(arguments)).withDeadline(Duration.ofSeconds(30));
    }

    private Result run(Command command) {
        return host.run(command, line -> {});
    }

    @Test
    void linesComeOneByOneAndTheResultHoldsBothStreams() {
        List<String> lines = new ArrayList<>();
        Result result = host.run(sh("echo one; echo; printf \"%s\\n\" three; printf four; echo bad >&2"), lines::add);
        assertThat(lines).containsExactly("one", "", "three", "four");
        assertThat(result).isEqualTo(new Result(0, "one\n\nthree\nfour", "bad\n"));
        assertThat(result.ok()).isTrue();
    }

    @Test
    void linesArriveWhileTheCommandRunsAndOnTheCallingThread() throws Exception {
        Path go = scratch.resolve("go");
        List<Thread> threads = new ArrayList<>();
        Result result = host.run(
                sh("echo ready; while ! test -e \"$1\"; do sleep 0.05; done; echo done", go.toString()), line -> {
                    threads.add(Thread.currentThread());
                    if (line.equals("ready")) {
                        write(go);
                    }
                });
        assertThat(result.out()).isEqualTo("ready\ndone\n");
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 127, 128, 255})
    void theExitStatusIsHandedOn(int status) {
        assertThat(run(sh("exit \"$1\"", String.valueOf(status))).exit()).isEqualTo(status);
    }

    @Test
    void aCommandThatDoesNotExistExitsWith127() {
        Result result = run(sh("no-such-command-anywhere"));
        assertThat(result.exit()).isEqualTo(127);
        assertThat(result.err()).contains("no-such-command-anywhere");
    }

    @Test
    @Tag("N15")
    void aSignalIs128AndItsNumber() {
        assertThat(run(sh("kill -TERM $$")).exit()).isEqualTo(143);
        assertThat(run(sh("kill -KILL $$")).exit()).isEqualTo(137);
    }

    @Test
    void withoutInputACommandReadsTheEndAtOnce() {
        assertThat(run(sh("cat; echo end")).out()).isEqualTo("end\n");
    }

    @Test
    void fiveMegabytesWithEveryByteArriveUnchanged() throws Exception {
        byte[] input = new byte[5_000_001];
        new Random(7).nextBytes(input);
        for (int i = 0; i < 256; i++) {
            input[i] = (byte) i;
        }
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));
        assertThat(run(sh("sha256sum | cut -c1-64").withStdin(input)).out()).isEqualTo(sum + "\n");
        assertThat(run(sh("wc -c").withStdin(new byte[] {0, 10, 0, -1})).out().strip())
                .isEqualTo("4");
    }

    @Test
    void anInputThatIsMadeWhileItIsReadArrivesWhole() {
        var chunk = new byte[100_000];
        Input input = out -> {
            for (int i = 0; i < 300; i++) {
                out.write(chunk);
            }
        };
        assertThat(host.run(sh("wc -c"), input, line -> {}).out().strip()).isEqualTo("30000000");
    }

    @Test
    void anInputThatBreaksOffEndsThere() {
        Input input = out -> {
            out.write(new byte[1000]);
            throw new IOException("the disk of this machine");
        };
        assertThat(host.run(sh("wc -c"), input, line -> {}).out().strip()).isEqualTo("1000");
    }

    @Test
    void aCommandNeedNotReadItsInput() {
        Result result =
                run(sh("head -c 3; exit 3").withStdin("abcdef".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)));
        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("abc");
    }

    @Test
    void inputThatIsReadLateIsNotLost() {
        byte[] input = new byte[3_000_000];
        assertThat(run(sh("sleep 1; wc -c").withStdin(input)).out().strip()).isEqualTo("3000000");
    }

    @Test
    @Tag("N13")
    void bothStreamsAreDrainedAtOnce() {
        Result result = run(sh("i=0; while test $i -lt 64; do head -c 65536 /dev/zero >&2; head -c 65536 /dev/zero;"
                + " i=$((i+1)); done; echo end; echo fin >&2"));
        assertThat(result.exit()).isZero();
        assertThat(result.out()).endsWith("\0end\n").hasSize(Result.KEPT);
        assertThat(result.err()).endsWith("\0fin\n").hasSize(Result.KEPT);
    }

    @Test
    @Tag("N13")
    void aSlowListenerLosesNothingWhileBothStreamsRunFull() {
        List<String> lines = new ArrayList<>();
        String full = "line=$(printf %99s | tr \" \" x); yes \"$line\" | head -c 30000000";
        Result result = host.run(sh(full + " & { " + full + "; } >&2; wait; echo end"), line -> {
            if (lines.isEmpty()) {
                sleep(Duration.ofSeconds(3));
            }
            if (lines.isEmpty() || line.equals("end")) {
                lines.add(line);
            }
        });
        assertThat(result.exit()).isZero();
        assertThat(lines).containsExactly("x".repeat(99), "end");
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLineWithoutEndIsCut() {
        List<String> lines = new ArrayList<>();
        host.run(sh("head -c 1000000 /dev/zero | tr \"\\0\" x; echo; echo next"), lines::add);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).hasSize(Lines.LONGEST + 1).endsWith("x…");
        assertThat(lines.get(1)).isEqualTo("next");
    }

    @Test
    @Tag("N14")
    void malformedTextIsReplacedAndCarriageReturnsBeforeTheEndAreDropped() {
        List<String> lines = new ArrayList<>();
        host.run(sh("printf \"a\\377b\\303\\r\\n\\303\\251\\n\""), lines::add);
        assertThat(lines).containsExactly("a\uFFFDb\uFFFD", "é");
    }

    @Test
    void atTheDeadlineTheOutcomeIsUnknown() {
        long start = System.nanoTime();
        HostException e = catchThrowableOfType(
                HostException.class,
                () -> run(sh("echo begun; echo why >&2; sleep 20").withDeadline(Duration.ofMillis(1500))));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
        assertThat(e.getMessage()).contains("1 s").contains("\n  | why");
        assertThat(run(sh("echo again")).out()).isEqualTo("again\n");
    }

    @Test
    void theDeadlineHoldsWhileInputIsNotRead() {
        HostException e = catchThrowableOfType(
                HostException.class,
                () -> run(sh("sleep 20").withStdin(new byte[8_000_000]).withDeadline(Duration.ofMillis(1500))));
        assertThat(e.fault()).isEqualTo(Fault.UNKNOWN);
    }

    @Test
    void anExceptionOfTheListenerIsPassedOn() {
        assertThatThrownBy(() -> host.run(sh("echo one; sleep 20"), line -> {
                    throw new IllegalStateException(line);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("one");
        assertThat(run(sh("echo again")).out()).isEqualTo("again\n");
    }

    @Test
    void anInterruptEndsTheWait() {
        assertThatThrownBy(() -> host.run(
                        sh("echo one; sleep 20"), line -> Thread.currentThread().interrupt()))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.UNKNOWN));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Tag("N20")
    void manyCommandsUseOneHost() {
        for (int i = 0; i < 20; i++) {
            assertThat(run(sh("echo $1", String.valueOf(i))).out()).isEqualTo(i + "\n");
        }
    }

    @Test
    void commandsFromSeveralThreadsTakeTurns() {
        List<String> outputs = Collections.synchronizedList(new ArrayList<>());
        Stream.of("a", "b", "c", "d")
                .parallel()
                .forEach(name -> outputs.add(run(sh("sleep 0.1; echo $1", name)).out()));
        assertThat(outputs).containsExactlyInAnyOrder("a\n", "b\n", "c\n", "d\n");
    }

    @ParameterizedTest
    @MethodSource("io.github.xdevops.compose.host.Hostile#words")
    void argumentsArriveByteForByte(List<String> words) {
        Result result = run(Command.script("printf \"%s\\0\" \"$@\" | od -An -v -tx1 | tr -d \" \\n\"", words));
        StringBuilder expected = new StringBuilder();
        words.forEach(word -> expected.append(HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)))
                .append("00"));
        assertThat(result.out()).isEqualTo(expected.toString());
    }
}
