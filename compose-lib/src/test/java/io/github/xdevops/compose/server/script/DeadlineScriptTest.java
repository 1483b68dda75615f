package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A daemon that hangs: every operation ends before its deadline, says so, leaves its record, and the next try comes to its
 * end. Busybox has a timeout of its own, which cannot be made short, so it is not among the shells.
 */
@EveryShell({"dash", "bash"})
class DeadlineScriptTest extends InEveryShell {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String OK = "\"word\":\"OK\"";

    @Test
    void aDeployEndsWithItsBudgetAndWhatDoesNotListenIsKilled() throws Exception {
        hurry();
        hang("*' up '*");
        var answer = inTime(() -> run("deploy", words("one", WEB, "budget=1"), bundle(WEB)));
        assertThat(answer).contains("\"word\":\"UNHEALTHY\"", "took longer than 1 s", "it is kept for 60 min");
        assertNothingHangs();
        assertThat(read("one/removeat")).matches("[0-9]{10}\n");
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"");
        goOn();
        assertThat(deploy("one", WEB)).contains(OK).doesNotContain("waiting up to");
    }

    @Test
    void aTeardownEndsWithItsBudgetAndIsFinishedByTheNext() throws Exception {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        hurry();
        hang("*' down '*");
        var down = List.of("project=one", "budget=1", "lock_wait=1");
        assertThat(inTime(() -> run("down", down, ""))).contains("\"word\":\"BUSY\"", "still in use and was kept");
        assertNothingHangs();
        assertThat(home.resolve(".yourlabs.compose/one/removing")).exists();
        assertThat(read(".gone/one")).isEqualTo("7 abcd\n");
        goOn();
        assertThat(run("down", down, "")).contains(OK).doesNotContain("waiting up to");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void aSweepGivesUpARemovalAndTakesTheOthers() throws Exception {
        deploy("one", WEB);
        deploy("two", WEB.replace("web", "two"));
        write("one/removeat", "1000000000\n");
        write("two/removeat", "1000000000\n");
        hurry();
        hang("*' -p one down '*");
        assertThat(inTime(() -> run("sweep", List.of("force=yes"), "")))
                .contains("swept two", "warning one was not removed: it took longer than 180 s", "1 removed, 1 failed");
        assertThat(home.resolve(".yourlabs.compose/one/removing")).exists();
        goOn();
        // What was started still holds the lock, until it notices.
        assertNothingHangs();
        assertThat(run("sweep", List.of("force=yes"), "")).contains("swept one", "1 removed, 0 failed");
    }

    @Test
    void aFirstDeployDoesNotWaitForADaemonThatHangs() throws Exception {
        hurry();
        hang("version* | info*");
        assertThat(inTime(() -> deploy("one", WEB))).contains("\"word\":\"UNAVAIL\"", "nothing for 20 s");
        assertNothingHangs();
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        goOn();
        assertThat(deploy("one", WEB)).contains(OK);
    }

    @Test
    void makingRoomEndsAlthoughARemovalHangs() throws Exception {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        write(".limits", "disk_mib=99999999999\n");
        hurry();
        hang("*' -p one down '*");
        assertThat(inTime(() -> deploy("two", WEB))).contains("\"word\":\"IOERR\"", "A sweep has run first");
        goOn();
        assertNothingHangs();
        write(".limits", "");
        assertThat(deploy("two", WEB)).contains(OK);
        assertThat(run("sweep", List.of("force=yes"), "")).contains("swept one");
    }

    private static String inTime(Supplier<String> work) {
        var began = System.nanoTime();
        var answer = work.get();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(answer).isLessThan(SOON);
        return answer;
    }

    /** Calls of docker like this pattern hear no signal that can be ignored, until {@link #goOn}. */
    private void hang(String pattern) throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                %s) trap '' TERM; echo $$ >>"$STUB/hanging"; while [ ! -e "$STUB/go" ]; do sleep 0.1; done; exit 1 ;;
                esac
                """.formatted(pattern));
    }

    private void goOn() throws IOException {
        Files.createFile(stub.resolve("go"));
        Files.delete(stub.resolve("hook"));
    }

    private void assertNothingHangs() throws Exception {
        for (var pid : Files.readAllLines(stub.resolve("hanging"))) {
            var process = ProcessHandle.of(Long.parseLong(pid));
            for (var tries = 0;
                    tries < 200 && process.isPresent() && process.get().isAlive();
                    tries++) {
                Thread.sleep(50);
            }
            assertThat(process.filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    /** Cuts each time limit of minutes to four seconds. */
    private void hurry() throws IOException {
        var timeout = Files.writeString(home.resolve("bin/timeout"), """
                #!/bin/sh
                limit=$3
                case $4:$limit in */sh:* | docker:20) limit=4 ;; esac
                shift 3
                exec %s/timeout -k 1 "$limit" "$@"
                """.formatted(TOOLS));
        Files.setPosixFilePermissions(timeout, PosixFilePermissions.fromString("rwx------"));
    }
}
