package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two verbs at once, in every order that matters: the first is stopped before each of its commands that change or lock something in turn, the second
 * runs until it has ended or waits for the first one's lock, then the first goes on. What they leave is always whole.
 */
@ParameterizedClass
@ValueSource(strings = "dash")
@Tag("races")
class BarrierTest extends InEveryShell {
    private static final String OTHER = "services: {web: {image: y}}\n";
    private static final String OK = "\"word\":\"OK\"";
    private static final String BUSY = "\"word\":\"BUSY\"";
    private static final int MANY = 150;
    private static int barriers;

    private final List<Process> started = new ArrayList<>();
    private Path barrier;

    @BeforeEach
    void standInFrontOfEveryTool() throws IOException {
        barrier = Files.createDirectory(home.resolve("barrier"));
        var front = copy("barrier", home.resolve("front"));
        Files.setPosixFilePermissions(front, PosixFilePermissions.fromString("rwx------"));
        var shims = Files.createDirectory(home.resolve("shims"));
        try (var tools = Files.list(TOOLS)) {
            for (var tool : tools.toList()) {
                Files.createSymbolicLink(shims.resolve(tool.getFileName()), front);
            }
        }
        Files.createSymbolicLink(shims.resolve("docker"), front);
        run("deploy", words("one", WEB, "sequence=5"), bundle(WEB));
    }

    @AfterEach
    void endWhatRuns() {
        for (var process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @AfterAll
    static void claim() {
        Proof.claim("concurrency: barriers: " + barriers + ", halves left: 0");
    }

    @Test
    void aDeployWhileASweepRemoves() {
        write("one/removeat", "1000000000\n");
        each(new Verb("sweep"), deployOf(OTHER, 6), (sweep, deploy) -> {
            assertThat(deploy).contains(OK);
            serves(OTHER);
        });
    }

    @Test
    void anExtensionWhileASweepRemoves() {
        write("one/removeat", "1000000000\n");
        each(
                new Verb("sweep"),
                new Verb("extend", "project=one", "lifetime=86400", "lock_wait=30"),
                (sweep, extend) -> servesIfExtended(extend));
    }

    @Test
    void aSweepWhileAnExtensionIsWritten() {
        write("one/removeat", "1000000000\n");
        each(
                new Verb("extend", "project=one", "lifetime=86400", "lock_wait=30"),
                new Verb("sweep"),
                (extend, sweep) -> servesIfExtended(extend));
    }

    private void servesIfExtended(String extend) {
        if (extend.contains(OK)) {
            serves(WEB);
        } else {
            assertThat(extend).contains("\"word\":\"DATA\"", "one is gone");
            isGone();
        }
    }

    @Test
    void aSecondSweepWhileOneIsAtWork() {
        write("one/removeat", "1000000000\n");
        each(new Verb("sweep"), new Verb("sweep"), (first, second) -> {
            assertThat(first + second).contains("swept one");
            assertThat(second).containsAnyOf(OK, BUSY);
            isGone();
        });
    }

    @Test
    void aSweepWhileADeployIsAtWorkOnAnExpiredStack() {
        write("one/removeat", "1000000000\n");
        each(deployOf(OTHER, 6), new Verb("sweep"), (deploy, sweep) -> {
            assertThat(deploy).contains(OK);
            serves(OTHER);
        });
    }

    @Test
    void aDownWhileADeployIsAtWork() {
        each(deployOf(OTHER, 6), new Verb("down", "project=one", "lock_wait=30"), (deploy, down) -> {
            assertThat(down).contains(OK);
            if (Files.exists(record())) {
                assertThat(deploy).contains(OK);
                serves(OTHER);
            } else {
                isGone();
            }
        });
    }

    @Test
    void aDeployWhileADownIsAtWork() {
        each(new Verb("down", "project=one", "lock_wait=30"), deployOf(OTHER, 6), (down, deploy) -> {
            assertThat(down + deploy).doesNotContain(BUSY);
            if (Files.exists(record())) {
                assertThat(deploy).contains(OK);
                serves(OTHER);
            } else {
                isGone();
            }
        });
    }

    @Test
    void theNewerPipelineWinsWhoeverIsFirst() {
        each(deployOf("services: {web: {image: seven}}\n", 7), deployOf(OTHER, 8), (older, newer) -> {
            assertThat(newer).contains(OK);
            assertThat(older).containsAnyOf(OK, "superseded");
            serves(OTHER);
        });
        each(deployOf(OTHER, 8), deployOf("services: {web: {image: seven}}\n", 7), (newer, older) -> {
            assertThat(newer).contains(OK);
            assertThat(older).containsAnyOf(OK, "superseded");
            serves(OTHER);
        });
    }

    @Test
    void oneUrlBelongsToOneOfTwoThatClaimItAtOnce() {
        each(claim("two"), claim("three"), (two, three) -> {
            var winner = two.contains(OK) ? "two" : "three";
            var loser = two.contains(OK) ? three : two;
            assertThat(two + three).contains(OK);
            assertThat(loser).contains("\"word\":\"DATA\"", "http://wanted.test belongs to the project " + winner);
            assertThat(containers())
                    .contains(winner + " web running")
                    .doesNotContain(winner.equals("two") ? "three " : "two ");
        });
    }

    @Test
    void aLockFileThatSomebodyRemovesMakesNoContainerWithoutARecord() {
        write("one/removeat", "1000000000\n");
        var intruder = deployOf(OTHER, 6);
        intruder.before = () -> delete(".locks/one");
        for (var first : Ring.sample(List.of(new Verb("sweep"), deployOf("services: {web: {image: six}}\n", 6)), 1)) {
            each(first, intruder, (one, deploy) -> {
                assertThat(containers().contains("one ") && !Files.exists(record()))
                        .isFalse();
                assertThat(run("deploy", words("one", WEB), bundle(WEB))).contains(OK);
                serves(WEB);
            });
        }
    }

    @Test
    void aTimeoutOnTheLockNamesItsHolder() {
        var impatient = new Verb("extend", "project=one", "lifetime=86400", "lock_wait=1");
        impatient.waits = false;
        var told = new ArrayList<String>();
        each(
                deployOf(OTHER, 6),
                impatient,
                (deploy, extend) -> {
                    assertThat(deploy).contains(OK);
                    if (extend.contains(BUSY)) {
                        assertThat(extend)
                                .containsPattern("one is locked by deploy \\(pid [0-9]+\\) since [0-9]+ s; waited 1 s");
                        told.add(extend);
                    }
                },
                6);
        assertThat(told).isNotEmpty();
    }

    private Verb deployOf(String text, int sequence) {
        var verb = new Verb(
                "deploy",
                words("one", text, "sequence=" + sequence, "lock_wait=30").toArray(String[]::new));
        verb.stdin = bundle(text);
        return verb;
    }

    private Verb claim(String project) {
        var verb = new Verb(
                "deploy",
                words(project, WEB, "hosts=wanted.test", "lock_wait=30").toArray(String[]::new));
        verb.stdin = bundle(WEB);
        return verb;
    }

    private void serves(String text) {
        assertThat(read("one/docker-compose.yml")).isEqualTo(text);
        assertThat(record().resolve("removing")).doesNotExist();
        assertThat(read("one/manifest.json"))
                .contains("\"state\": \"live\"", Sha256.hex(bundle(text).getBytes(StandardCharsets.UTF_8)));
        assertThat(Long.parseLong(read("one/removeat").strip()))
                .isGreaterThan(Instant.now().getEpochSecond() + 3600);
        assertThat(containers().lines().filter(line -> line.startsWith("one "))).hasSize(1);
        assertThat(containers())
                .contains("one web running " + output(List.of("cksum"), text).strip());
    }

    private void isGone() {
        assertThat(record()).doesNotExist();
        assertThat(containers()).doesNotContain("one ");
    }

    private Path record() {
        return home.resolve(".yourlabs.compose/one");
    }

    private String containers() {
        return read("../stub/containers");
    }

    private void each(Verb stopped, Verb intruder, After after) {
        each(stopped, intruder, after, MANY);
    }

    /** Stops the first verb before its first command, its second one and so on, until it has no further one. */
    private void each(Verb stopped, Verb intruder, After after, int most) {
        output(List.of("sh", "-c", "rm -rf kept && mkdir kept && cp -a .yourlabs.compose stub/containers kept/"), "");
        var step = Math.min(Ring.count(8, 1), most - 2);
        for (var turn = 1 + Ring.offset(step); turn <= most; turn += step) {
            output(
                    List.of(
                            "sh",
                            "-c",
                            "rm -rf barrier/* .yourlabs.compose && cp -a kept/.yourlabs.compose . && cp -a kept/containers stub/"
                                    + " && mkfifo barrier/go"),
                    "");
            var first = start(stopped, "stopped", turn);
            await(() -> Files.exists(barrier.resolve("reached")) || !first.isAlive());
            var reached = Files.exists(barrier.resolve("reached"));
            intruder.before.run();
            var second = start(intruder, "intruder", 0);
            if (reached) {
                await(() -> !second.isAlive() || (intruder.waits && waitsForLock(second)));
                write("../barrier/go", "\n");
            }
            var answers = List.of(answer(first), answer(second));
            var place = "before command " + turn + " of " + stopped.name + " ("
                    + (reached ? read("../barrier/at").strip() : "ended") + ")\n" + String.join("\n", answers);
            assertThat(place).satisfies(any -> after.check(answers.get(0), answers.get(1)));
            if (!reached) {
                assertThat(turn).as("commands of " + stopped.name).isGreaterThan(5);
                return;
            }
            barriers++;
        }
        assertThat(most).as(stopped.name + " ends some time").isLessThan(MANY);
    }

    private boolean waitsForLock(Process process) {
        var pids = process.descendants()
                .map(ProcessHandle::pid)
                .map(String::valueOf)
                .collect(Collectors.toSet());
        try {
            return Files.readAllLines(Path.of("/proc/locks")).stream()
                    .map(line -> line.trim().split(" +"))
                    .anyMatch(words -> words[1].equals("->") && pids.contains(words[5]));
        } catch (IOException e) {
            return false; // it changed while it was read
        }
    }

    private Process start(Verb verb, String role, int stopAt) {
        var command = new ArrayList<>(List.of(shell, script.toString(), verb.name, "nonce=" + role));
        command.addAll(verb.words);
        try {
            var out = barrier.resolve(role + ".out").toFile();
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out);
            var environment = builder.environment();
            environment.put("STUB", stub.toString());
            environment.put("HOME", home.toString());
            environment.put("PATH", home.resolve("shims").toString());
            environment.put("TOOLS", TOOLS.toString());
            environment.put("DOCKER", home.resolve("bin/docker").toString());
            environment.put("BARRIER", barrier.toString());
            environment.put("STOP_AT", Integer.toString(stopAt));
            // Of a deploy the worker is stopped, not the half that shows what it does.
            environment.put("ROLE", verb.name.equals("deploy") ? "client" : role);
            environment.put("WORKER", role);
            var process = builder.start();
            started.add(process);
            try (var in = process.getOutputStream()) {
                in.write(verb.stdin.getBytes(StandardCharsets.UTF_8));
            }
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String answer(Process process) {
        await(() -> !process.isAlive());
        return read("../barrier/" + (started.indexOf(process) % 2 == 0 ? "stopped" : "intruder") + ".out");
    }

    private String output(List<String> command, String stdin) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(stdin.getBytes(StandardCharsets.UTF_8));
            }
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(out).isZero();
            return out;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(Condition condition) {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            try {
                Thread.sleep(3);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void delete(String file) {
        try {
            Files.deleteIfExists(home.resolve(".yourlabs.compose").resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Verb {
        final String name;
        final List<String> words;
        String stdin = "";
        Runnable before = () -> {};
        boolean waits = true;

        Verb(String name, String... words) {
            this.name = name;
            this.words = List.of(words);
        }
    }

    interface After {
        void check(String first, String second);
    }

    interface Condition {
        boolean holds();
    }
}
