package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** The timer that a deploy sets up, under real shells, with stand-ins for docker, crontab and systemd (P6). */
@EveryShell
class SweeperScriptTest {
    private static final Path TOOLS = Path.of("target/tools").toAbsolutePath();
    private static final String WEB = "services: {web: {image: x}}\n";
    private static final String OTHERS =
            "MAILTO=ann@example.com\n\n# m h\n30 4 * * 1 tar c a\\%b  # xdevops-sweeper-else\n";
    private static final String ODD = "it's 100%y $HOME \"q\" \\045";

    @Parameter
    String shell;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new TreeMap<>();
    private Path home;
    private Path stub;
    private String state = ".yourlabs.compose";

    @BeforeAll
    static void linkTools() throws IOException {
        ServerScriptTest.linkTools();
    }

    @BeforeEach
    void aServerWithCron() throws IOException {
        stub = Files.createDirectory(directory.resolve("stub"));
        Files.createDirectory(directory.resolve("bin"));
        try (var docker = SweeperScriptTest.class.getResourceAsStream("docker")) {
            program("docker", new String(docker.readAllBytes(), StandardCharsets.UTF_8));
        }
        program("id", """
                #!/bin/sh
                echo "id $*" >>"$STUB/asked"
                case $1 in -un) echo ann ;; *) cat "$STUB/uid" 2>/dev/null || echo 1000 ;; esac
                """);
        program("crontab", """
                #!/bin/sh
                echo "crontab $*" >>"$STUB/asked"
                [ ! -f "$STUB/denied" ] || { cat "$STUB/denied" >&2; exit 1; }
                case $1 in
                -l) cat "$STUB/crontab" 2>/dev/null || { echo 'no crontab for ann' >&2; exit 1; } ;;
                -) [ ! -f "$STUB/full" ] || { echo 'disk is full' >&2; exit 1; }; cat >"$STUB/crontab" ;;
                esac
                """);
        at("home");
    }

    @Test
    void theFirstDeployWithALifetimeAddsOneLineAndLeavesTheOthersAlone() throws IOException {
        Files.writeString(stub.resolve("crontab"), OTHERS);
        assertThat(deploy("one")).contains("\"word\":\"OK\"").doesNotContain("@n warning");
        assertThat(crontab())
                .startsWith(OTHERS)
                .containsPattern("\\n\\* \\* \\* \\* \\* /bin/sh -c '[^']* 1?[0-9]' '" + home
                        + "/.yourlabs.compose/.host/sweep' # xdevops-sweeper\\n$");
        assertThat(read(".host/sweeper")).isEqualTo("cron stacks.sh\n");
        assertThat(crontab().lines()).hasSize(5);
    }

    @Test
    void theTimerIsThereBeforeTheFirstRecord() throws IOException {
        program(
                "crontab",
                "#!/bin/sh\n[ \"$1\" = -l ] || [ -d \"$HOME/.yourlabs.compose/one\" ] || touch \"$STUB/early\"\n");
        deploy("one");
        assertThat(stub.resolve("early")).exists();
    }

    @Test
    void aPersistentEnvironmentNeedsNoTimerUntilItGetsAnExpiry() throws IOException {
        run("deploy", words("one", "lifetime=forever"), bundle());
        assertThat(stub.resolve("crontab")).doesNotExist();
        assertThat(run("extend", List.of("project=one", "lifetime=60", "force=yes"), ""))
                .contains("\"word\":\"OK\"");
        assertThat(crontab()).contains("# xdevops-sweeper");
    }

    @Test
    void aPersistentFirstDeployThatFailedHasALeaseAndSoATimer() throws IOException {
        Files.writeString(stub.resolve("hook"), "case \"$*\" in *' up '*) exit 1 ;; esac\n");
        assertThat(run("deploy", words("one", "lifetime=forever"), bundle())).contains("\"word\":\"UNHEALTHY\"");
        assertThat(read("one/removeat")).matches("[0-9]{10}\n");
        assertThat(crontab()).contains("# xdevops-sweeper");
    }

    @Test
    void aSweepByHandSetsATimerThatHasStoppedUpAgainAndTheTimersOwnDoesNot() throws IOException {
        deploy("one");
        Files.delete(stub.resolve("crontab"));
        Files.writeString(path(".host/swept"), "1000000000\n");
        run("sweep", List.of("nonce=timer"), "");
        assertThat(stub.resolve("crontab")).doesNotExist();
        assertThat(run("sweep", List.of(), "")).contains("\"word\":\"OK\"").doesNotContain("warning");
        assertThat(crontab()).contains("# xdevops-sweeper");
    }

    @Test
    void aRedeployAsksForNothing() throws IOException {
        deploy("one");
        assertThat(stub.resolve("asked")).content().contains("crontab -l", "id -un");
        Files.delete(stub.resolve("asked"));
        var before = Files.getLastModifiedTime(path(".host/sweep"));
        assertThat(deploy("one")).contains("\"generation\":2");
        assertThat(stub.resolve("asked")).doesNotExist();
        assertThat(Files.getLastModifiedTime(path(".host/sweep"))).isEqualTo(before);
    }

    @Test
    void aLineThatIsThereIsNotAddedAgain() throws IOException {
        deploy("one");
        var before = crontab();
        Files.delete(path(".host/sweeper"));
        deploy("one");
        assertThat(crontab()).isEqualTo(before);
    }

    @Test
    void anotherEnvironmentReplacesTheWrapperAndAnOlderScriptDoesNot() throws IOException {
        deploy("one");
        environment.put("DOCKER_HOST", "unix:///run/it's \"mine\" $HOME `id`.sock");
        deploy("one");
        assertThat(read(".host/sweep.env")).contains("\nDOCKER_HOST=unix:///run/it's \"mine\" $HOME `id`.sock\n");

        var newer = Files.writeString(path(".host/stacks-new.sh"), Files.readString(script()));
        Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(runScript(newer, "deploy", words("one"), bundle())).contains("\"word\":\"OK\"");
        assertThat(read(".host/sweeper")).isEqualTo("cron stacks-new.sh\n");
        deploy("one");
        assertThat(read(".host/sweeper")).isEqualTo("cron stacks-new.sh\n");
        assertThat(read(".host/sweep.env")).contains("/.host/stacks-new.sh\n");
    }

    @Test
    void theLineSweepsFromOddPathsAndSaysNothing() throws IOException {
        for (var odd : List.of("plain", "two words", ODD)) {
            at(odd);
            for (var where : List.of(".yourlabs.compose", "else " + odd)) {
                state = where;
                Files.deleteIfExists(stub.resolve("crontab"));
                deploy("one");
                write("one/removeat", "1000000000\n");
                assertThat(asCron()).as(where + " in " + odd).isEqualTo("0 ");
                assertThat(path("one")).doesNotExist();
                assertThat(read(".host/swept")).matches("[0-9]{10}\n");
            }
        }
    }

    @Test
    void eachStateDirectoryHasItsOwnLine() throws IOException {
        deploy("one");
        state = "elsewhere";
        deploy("two");
        deploy("three");
        state = directory.resolve("away").toString();
        deploy("four");
        assertThat(crontab().lines()).hasSize(3);
        assertThat(crontab()).containsPattern("(# xdevops-sweeper(-[0-9a-f]{8})?\\n.*){3}");
    }

    @Test
    void withoutTheRightToUseCronADeployWarnsAndContinues() throws IOException {
        Files.writeString(stub.resolve("crontab"), OTHERS);
        Files.writeString(stub.resolve("denied"), "You (ann) are not allowed to use this program (crontab)");
        assertThat(deploy("one"))
                .contains(
                        "\"word\":\"OK\"", "@n warning expired environments may stay on the server: the crontab of ann")
                .contains("You (ann) are not allowed", "run this every minute as ann: /bin/sh '" + home);
        assertThat(crontab()).isEqualTo(OTHERS);
        assertThat(read(".host/sweeper")).isEqualTo("none stacks.sh\n");
        Files.delete(stub.resolve("denied"));
        assertThat(deploy("one")).doesNotContain("@n warning");
        assertThat(crontab()).startsWith(OTHERS).contains("# xdevops-sweeper\n");
    }

    @Test
    void aCrontabThatCannotBeWrittenIsTold() throws IOException {
        Files.createFile(stub.resolve("full"));
        assertThat(deploy("one")).contains("\"word\":\"OK\"", "cannot be changed (disk is full)");
        assertThat(read(".host/sweeper")).startsWith("none ");
    }

    @Test
    void aServerWithoutCronIsTold() throws IOException {
        Files.delete(directory.resolve("bin/crontab"));
        assertThat(deploy("one"))
                .contains(
                        "\"word\":\"OK\"",
                        "@n warning",
                        "neither cron nor a systemd that ann may use; install cron, or");
    }

    @Test
    void aTimerThatDoesNotRunIsSetUpAgainAndTold() throws IOException {
        deploy("one");
        Files.delete(stub.resolve("crontab"));
        var longAgo = Instant.now().getEpochSecond() - 20 * 60;
        write(".host/swept", longAgo + "\n");
        assertThat(deploy("one"))
                .contains("@n warning", "the sweeper has not run there for 20 min", "its timer (cron)");
        assertThat(crontab()).contains("# xdevops-sweeper");
        assertThat(deploy("one")).doesNotContain("@n warning");
    }

    @Test
    void aTimerThatLastRanInTheFutureIsSetUpAgainAndTold() throws IOException {
        deploy("one");
        Files.delete(stub.resolve("crontab"));
        write(".host/swept", (Instant.now().getEpochSecond() + 400L * 86_400) + "\n");
        assertThat(deploy("one")).contains("@n warning", "the last time lies ahead of the clock", "its timer (cron)");
        assertThat(crontab()).contains("# xdevops-sweeper");
        assertThat(deploy("one")).doesNotContain("@n warning");
    }

    @Test
    void aSweepBesideAnotherIsNoError() throws Exception {
        deploy("one");
        var holder = new ProcessBuilder(
                        "flock", path(".locks/.sweep").toString(), "sh", "-c", "echo held; exec sleep 60")
                .start();
        assertThat(holder.getInputStream().read()).isEqualTo('h');
        try {
            assertThat(run("sweep", List.of("lock_wait=1"), "")).contains("another sweep is running");
            assertThat(asCron()).isEqualTo("0 ");
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
        }
    }

    @Test
    void theSameTroubleIsToldOnce() throws IOException {
        deploy("one");
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("daemon-down"));
        assertThat(asCron()).startsWith("69 ").contains("the Docker daemon does not answer");
        assertThat(asCron()).isEqualTo("69 ");
        Files.delete(stub.resolve("daemon-down"));
        assertThat(asCron()).isEqualTo("0 ");
        deploy("one");
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("daemon-down"));
        assertThat(asCron()).contains("the Docker daemon does not answer");
    }

    /** As a power cut may leave it. */
    @Test
    void aScriptThatIsEmptyIsToldAndTheNextDeployBringsAnother() throws IOException {
        Files.createDirectories(path(".host"));
        var newer = Files.copy(script(), path(".host/stacks-new.sh"));
        Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(60)));
        runScript(newer, "deploy", words("one"), bundle());
        assertThat(asCron()).isEqualTo("0 ");
        Files.writeString(newer, "");
        Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(asCron()).startsWith("70 ").contains("stacks-new.sh gave no result, so nothing was swept");
        assertThat(asCron()).isEqualTo("70 ");
        deploy("one");
        assertThat(asCron()).isEqualTo("0 ");
    }

    /** Earlier versions wrote the environment into the program. */
    @Test
    void aWrapperOfAnEarlierVersionIsReplaced() throws IOException {
        deploy("one");
        Files.delete(path(".host/sweep.env"));
        write(".host/sweep", "exit 3\n");
        write(".host/sweeper", "cron stacks-old.sh\n");
        assertThat(asCron()).isEqualTo("3 ");
        assertThat(deploy("one")).contains("\"word\":\"OK\"").doesNotContain("@n warning");
        assertThat(asCron()).isEqualTo("0 ");
        assertThat(read(".host/sweeper")).isEqualTo("cron stacks.sh\n");
    }

    @Test
    void aLostEnvironmentIsToldAndTheNextDeployWritesItAnew() throws IOException {
        deploy("one");
        Files.delete(path(".host/sweep.env"));
        assertThat(asCron()).contains("sweep.env is missing, so nothing was swept");
        deploy("one");
        assertThat(asCron()).isEqualTo("0 ");
    }

    @Test
    void aStateDirectoryThatIsGoneMakesNoNoise() throws IOException {
        deploy("one");
        Files.move(home.resolve(state), home.resolve("gone"));
        assertThat(asCron()).isEqualTo("0 ");
    }

    @Test
    void usersWithASystemdOfTheirOwnGetATimerThere() throws IOException {
        systemd();
        deploy("one");
        assertThat(read(".host/sweeper")).isEqualTo("systemd-user stacks.sh\n");
        assertThat(stub.resolve("asked"))
                .content()
                .contains("loginctl enable-linger ann")
                .containsSubsequence(
                        "systemctl --user is-system-running /run/user/1000",
                        "systemctl --user daemon-reload /run/user/1000",
                        "systemctl --user enable xdevops-sweeper.timer /run/user/1000",
                        "systemctl --user restart xdevops-sweeper.timer /run/user/1000");
        assertThat(stub.resolve("crontab")).doesNotExist();
        assertThat(unit("service")).contains("Type=oneshot\n").doesNotContain("User=");
        assertThat(unit("timer")).contains("OnCalendar=minutely\nRandomizedDelaySec=15\n", "WantedBy=timers.target\n");
    }

    @Test
    void rootGetsATimerOfTheSystem() throws IOException {
        systemd();
        Files.writeString(stub.resolve("uid"), "0\n");
        deploy("one");
        assertThat(read(".host/sweeper")).isEqualTo("systemd stacks.sh\n");
        assertThat(directory.resolve("units/xdevops-sweeper.service")).content().contains("User=root\n");
        assertThat(directory.resolve("units/xdevops-sweeper.timer")).exists();
        assertThat(stub.resolve("asked"))
                .content()
                .contains("systemctl --system restart xdevops-sweeper.timer")
                .doesNotContain("loginctl");
    }

    @Test
    void aTimerOfSystemdTakesThePlaceOfTheCronLine() throws IOException {
        Files.writeString(stub.resolve("crontab"), OTHERS);
        deploy("one");
        systemd();
        write(".host/swept", "1000000000\n");
        deploy("one");
        assertThat(read(".host/sweeper")).startsWith("systemd-user ");
        assertThat(crontab()).isEqualTo(OTHERS);
    }

    @Test
    void withoutLingeringOrWhenTheTimerCannotStartCronIsUsed() throws IOException {
        for (var trouble :
                List.of("loginctl enable-linger", "systemctl --user restart", "systemctl --user is-system")) {
            at("home of " + trouble);
            Files.deleteIfExists(stub.resolve("crontab"));
            Files.deleteIfExists(stub.resolve("containers"));
            systemd();
            Files.writeString(stub.resolve("failing"), trouble);
            assertThat(deploy("one")).doesNotContain("@n warning");
            assertThat(read(".host/sweeper")).as(trouble).startsWith("cron ");
            assertThat(crontab()).contains("# xdevops-sweeper");
            assertThat(home.resolve(".config/systemd/user/xdevops-sweeper.timer"))
                    .doesNotExist();
        }
    }

    @Test
    void systemdUnderstandsTheUnits() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        at(ODD);
        systemd();
        deploy("one");
        var units = home.resolve(".config/systemd/user");
        assertThat(unit("service")).contains("/it's 100%%y $$HOME \\\"q\\\" \\\\045/.yourlabs.compose/.host/sweep\"\n");
        // A path of this kind cannot be said to systemd-analyze.
        var plain = Files.createDirectory(directory.resolve("plain"));
        for (var kind : List.of("service", "timer")) {
            Files.copy(units.resolve("xdevops-sweeper." + kind), plain.resolve("xdevops-sweeper." + kind));
        }
        assertThat(said(
                        "/usr/bin/systemd-analyze",
                        "--man=no",
                        "verify",
                        plain.resolve("xdevops-sweeper.timer").toString()))
                .doesNotContain("xdevops-sweeper");
    }

    private void systemd() throws IOException {
        var answer = """
                #!/bin/sh
                asked="${0##*/} $*"
                echo "$asked ${XDG_RUNTIME_DIR:-}" >>"$STUB/asked"
                failing=$(cat "$STUB/failing" 2>/dev/null) && case $asked in "$failing"*) exit 1 ;; esac
                case $asked in *is-system-running) echo degraded; exit 1 ;; *show-user*) echo Linger=no ;; esac
                """;
        program("systemctl", answer);
        program("loginctl", answer);
        Files.createDirectories(directory.resolve("units"));
    }

    /** Makes this the login user's home, with a script that stays within this shell and this directory. */
    private void at(String name) throws IOException {
        home = Files.createDirectories(directory.resolve(name));
        var bin = directory.resolve("bin") + "/";
        // Some busybox take their own programs before those in the PATH.
        Files.writeString(
                script(),
                new String(ServerScript.text(), StandardCharsets.UTF_8)
                        .replaceAll("/bin/sh (\"[$](self|script)\")", command() + " $1")
                        .replace("\nset -u\n", "\nset -u\nid() { " + bin + "id \"$@\"; }\n")
                        .replace("command -v crontab ", "test -f " + bin + "crontab ")
                        .replace("timeout 20 crontab", "timeout 20 " + bin + "crontab")
                        .replace(
                                "/etc/systemd/system",
                                directory.resolve("units").toString()));
    }

    private String command() {
        return TOOLS + "/" + shell;
    }

    private Path script() {
        return home.resolve("stacks.sh");
    }

    private void program(String name, String text) throws IOException {
        var file = Files.writeString(directory.resolve("bin").resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private String deploy(String project) throws IOException {
        return run("deploy", words(project), bundle());
    }

    private List<String> words(String project, String... more) {
        var words = new ArrayList<>(List.of(
                "project=" + project,
                "sha256=" + Sha256.hex(bundle().getBytes(StandardCharsets.UTF_8)),
                "identity=abcd",
                "hosts=" + project + ".test",
                "routed=web",
                "lifetime=604800",
                "budget=20",
                "ready_wait=5"));
        words.addAll(List.of(more));
        return words;
    }

    private static String bundle() {
        return "{\"branch\":\"x\"}\n" + WEB;
    }

    private String run(String verb, List<String> words, String stdin) throws IOException {
        return runScript(script(), verb, words, stdin);
    }

    private String runScript(Path script, String verb, List<String> words, String stdin) throws IOException {
        var command = new ArrayList<>(List.of(shell.split(" ")));
        assumeTrue(
                Files.isExecutable(TOOLS.resolve(command.get(0))),
                shell + " is not installed: the server's script is not checked with it");
        command.addAll(List.of(script.toString(), verb, "nonce=n", "state=" + state));
        command.addAll(words);
        return said(stdin, command);
    }

    /** Runs our last line of the crontab as cron does: to the first bare percent sign, with a poor environment. */
    private String asCron() throws IOException {
        var lines = crontab().lines().toList();
        var line = lines.get(lines.size() - 1);
        assertThat(line).startsWith("* * * * * ").doesNotContain("%");
        // Which shell /bin/sh is differs from server to server.
        var command = new ArrayList<>(List.of(shell.split(" ")));
        var text = line.substring(10).replaceFirst(" 1?[0-9]' ", " 0' ").replace("/bin/sh", command());
        command.addAll(List.of("-c", "PATH=/nowhere; (" + text + "\n); echo \"$? \""));
        var answer = said("", command);
        var end = answer.strip().lastIndexOf('\n') + 1;
        return answer.substring(end).strip() + " " + answer.substring(0, end);
    }

    private String said(String... command) throws IOException {
        return said("", List.of(command));
    }

    private String said(String stdin, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("STUB", stub.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PATH", directory.resolve("bin") + ":" + TOOLS);
        builder.environment().remove("XDG_RUNTIME_DIR");
        var process = builder.start();
        try (var out = process.getOutputStream()) {
            out.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // a script that refuses its words does not read its input
        }
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return answer;
    }

    private String crontab() throws IOException {
        return Files.readString(stub.resolve("crontab"));
    }

    private String unit(String kind) throws IOException {
        return Files.readString(home.resolve(".config/systemd/user/xdevops-sweeper." + kind));
    }

    private Path path(String file) {
        return home.resolve(state).resolve(file);
    }

    private String read(String file) throws IOException {
        return Files.readString(path(file));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(path(file), text);
    }
}
