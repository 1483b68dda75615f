package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenSSH itself says to the ways in that are rarer than a key. */
@Tag("alone")
class SshIT {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void connect() {
        server = TestServer.required();
    }

    /** The server by its other name, so that it is its own bastion. */
    private SshAddress behind() {
        return new SshAddress(SshAddress.parse(server.address()).user(), "localhost", server.port());
    }

    private SshAccess.Builder access() {
        return SshAccess.builder().privateKey(server.key()).knownHosts(server.knownHosts());
    }

    private static String run(Host host, String script) {
        return host.run(Command.script(script, List.of()), line -> {}).out().strip();
    }

    @Test
    @Tag("N25")
    void aBastionLeadsToTheServer() {
        var bastion = SshAddress.parse(server.address());
        try (var host =
                SshHost.connect(behind(), access().jumps(List.of(bastion)).build())) {
            assertThat(run(host, "echo in")).isEqualTo("in");
            var sent = new byte[20_000_000];
            var counted = host.run(Command.script("wc -c", List.of()).withStdin(sent), line -> {});
            assertThat(counted.out().strip()).isEqualTo("20000000");
        }
        var nobody = new SshAddress(bastion.user(), "localhost", 1);
        var jumping = access().jumps(List.of(bastion, bastion)).build();
        assertThatThrownBy(() -> SshHost.connect(nobody, jumping))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NOHOST))
                .hasMessageContaining("Cannot reach localhost port 1 from " + bastion.host());
    }

    @Test
    @Tag("N25")
    void theGoalsTakeABastion() {
        var outcome = new Maven(directory, server)
                .run(
                        "list",
                        List.of(
                                "-Dcompose.host=" + behind(),
                                "-Dcompose.jump=" + server.address(),
                                "-Dcompose.privateKey=" + server.key(),
                                "-Dcompose.knownHosts=" + server.knownHosts()),
                        Map.of());
        assertThat(outcome.exit()).as(outcome.out()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "internal-sftp | PROTO | takes files and runs no commands",
                "/usr/sbin/nologin | NOPERM | runs no commands (This account is currently not available.)",
                "rbash -c \\\"$SSH_ORIGINAL_COMMAND\\\" | NOPERM | runs no commands",
            })
    @Tag("N21")
    @Tag("N22")
    void aLoginThatRunsNoCommandsIsNamed(String forced, Outcome word, String said) throws Exception {
        var key = key("id");
        withAuthorized("command=\"" + forced + "\" " + Files.readString(Path.of(key + ".pub")), () -> {
            var access = SshAccess.builder()
                    .privateKey(key.toString())
                    .knownHosts(server.knownHosts())
                    .build();
            try (var stacks = Stacks.on(SshHost.connect(SshAddress.parse(server.address()), access), "state-ssh")) {
                assertThatThrownBy(() -> stacks.sweep(Progress.NONE))
                        .isInstanceOfSatisfying(
                                ComposeException.class,
                                e -> assertThat(e.word()).isEqualTo(word))
                        .hasMessageContaining(said);
            }
        });
    }

    @Test
    @Tag("N6")
    void aChattyLoginScriptDoesNotGetIntoTheAnswers() throws Exception {
        var script = server.home().resolve(".bashrc");
        Files.writeString(script, """
                echo Welcome
                printf '\\033[31m'
                echo '@n result {"word":"IOERR","message":"x"}'
                echo oops >&2
                """);
        var lines = new ArrayList<String>();
        try (var host = server.connect();
                var stacks = server.stacks("state-ssh-chatty")) {
            host.run(Command.script("true", List.of()), lines::add);
            stacks.sweep(Progress.NONE);
            assertThat(stacks.list()).isEmpty();
        } finally {
            Files.delete(script);
            server.login("rm -rf state-ssh-chatty");
        }
        assertThat(lines).first().isEqualTo("Welcome");
    }

    @Test
    @Tag("N13")
    void gigabytesOfOutputNeedNoMemory() {
        var seen = new AtomicLong();
        var highest = new AtomicLong();
        try (var host = server.connect()) {
            run(host, "true");
            var before = used();
            var began = System.nanoTime();
            var result = host.run(
                    Command.script(
                            "line=$(printf %999s | tr \" \" x); yes \"$line\" | head -c 1000000000 & "
                                    + "yes \"$line\" | head -c 1000000000 >&2; wait; echo end",
                            List.of()),
                    line -> {
                        if (seen.incrementAndGet() % 200_000 == 0) {
                            highest.accumulateAndGet(used(), Math::max);
                        }
                    });
            var took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(result.exit()).isZero();
            assertThat(result.out()).endsWith("x\nend\n");
            assertThat(seen).hasValue(1_000_001);
            var grown = Math.max(0, highest.get() - before) / 1_000_000;
            assertThat(grown).isLessThan(24);
            Proof.claim("remote output: " + 2 * (seen.get() - 1) / 1000 + " MB on two streams in " + took.toSeconds()
                    + " s, memory grew by " + grown + " MB");
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @Tag("N16")
    void theDeployGoesOnWithoutSshdsProcess() throws Exception {
        var name = "ssh-killed";
        var state = "state-" + name;
        var stack = new KilledStack(server, directory.resolve("here"), name);
        var truth = new Truth(server, state, stack);
        var processes = new ScriptProcesses(state);
        try (var stacks = server.stacks(state);
                var client = new KilledClient(state, directory.resolve("there"), name)) {
            stacks.sweep(Progress.NONE); // puts the script there
            client.ask("v1");
            while (!processes.runs("work") || !processes.killConnection("deploy")) {
                assertThat(client.answered()).as("ended before it was killed").isFalse();
                TestServer.pause(5);
            }
            var answer = client.answer();
            // OK: it came back and followed what the server's worker went on to do.
            assertThat(answer.word()).as(answer.message()).isIn(Outcome.OK, Outcome.UNKNOWN);
            var again = stacks.deploy(stack.rendered("v1"), DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
            assertThat(again.generation()).as("the first deploy was completed").isEqualTo(2);
            assertThat(again.changed()).isFalse();
            assertThat(truth.notLive("v1", KilledStack.LIFETIME)).isEmpty();
            stacks.down(stack.project(), Progress.NONE);
            assertThat(truth.notGone()).isEmpty();
        } finally {
            processes.awaitNone();
            try (var stacks = server.stacks(state)) {
                stacks.down(stack.project(), Progress.NONE);
            }
            server.login("rm -rf " + state);
        }
    }

    @Test
    @Tag("K12")
    void aCertificateLetsAKeyInThatTheServerDoesNotKnow() throws Exception {
        var authority = key("authority");
        var key = key("id");
        call(List.of(
                "ssh-keygen", "-q", "-s", authority.toString(), "-I", "it", "-n", "deploy", "-V", "+5m", key + ".pub"));
        var access = SshAccess.builder()
                .privateKey(key.toString())
                .knownHosts(server.knownHosts())
                .build();
        var address = SshAddress.parse(server.address());
        assertThatThrownBy(() -> SshHost.connect(address, access))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("tried certificate of " + key);
        withAuthorized("cert-authority " + Files.readString(Path.of(authority + ".pub")), () -> {
            try (var host = SshHost.connect(address, access)) {
                assertThat(run(host, "echo in")).isEqualTo("in");
            }
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private void withAuthorized(String line, Step step) throws Exception {
        var keys = server.home().resolve(".ssh/authorized_keys");
        var before = Files.readString(keys);
        Files.writeString(keys, before + line);
        try {
            step.run();
        } finally {
            Files.writeString(keys, before);
        }
    }

    private Path key(String name) throws IOException, InterruptedException {
        var file = directory.resolve(name);
        call(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString()));
        return file;
    }

    private static void call(List<String> words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(words.toString()).isZero();
    }
}
