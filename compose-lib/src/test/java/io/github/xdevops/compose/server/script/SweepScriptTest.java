package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a sweep removes and leaves alone, under real shells with a stand-in for docker (P25 to P31, P33). */
@EveryShell
class SweepScriptTest extends InEveryShell {
    private static final int DAY = 86400;
    private static final int HOLD = 60;

    @Test
    void aClockThatLeapsForwardEndsNothing() {
        deployFor("one", DAY);
        endIn("one", -60);
        leap(10L * 365 * DAY);
        assertThat(sweep()).contains("0 removed", "clock jumped by 3153");
        assertThat(sweep()).contains("0 removed", "clock jumped by 3153");
        assertThat(read("sweep-status.json")).contains("clock jumped");
        assertThat(home.resolve(".yourlabs.compose/one")).exists();
    }

    @Test
    void aLeaseGivenWhileTheClockIsWrongIsCountedByTheTimeThatPassed() {
        deployFor("one", DAY);
        leap(10L * 365 * DAY);
        var truth = Instant.now().getEpochSecond() - 10L * 365 * DAY;
        assertThat(deployFor("two", DAY)).isBetween(truth + DAY - 60, truth + DAY + 60);
        assertThat(run("extend", List.of("project=one", "lifetime=60"), "")).contains("\"word\":\"OK\"");
        assertThat(Long.parseLong(read("one/removeat").strip())).isBetween(truth, truth + 120);
    }

    @Test
    void aClockThatLeapsBackKeepsNothingForEver() {
        deployFor("one", DAY);
        endIn("one", DAY);
        leap(-365L * DAY);
        assertThat(sweep()).contains("swept one", "clock jumped by -31");
    }

    @Test
    void aMachineThatStartsIn1970GoesOnWhereItWas() {
        deployFor("one", DAY);
        var later = Instant.now().getEpochSecond() + 50L * 365 * DAY;
        write(".clock", "another-boot " + later + " 5");
        endIn("one", 49L * 365 * DAY);
        endIn("two", 51L * 365 * DAY);
        assertThat(sweep()).contains("swept one", "1 removed");
        assertThat(read(".clock")).as("counts from now on in this boot").doesNotContain("another-boot");
        assertThat(sweep()).contains("0 removed", "clock jumped");
    }

    @Test
    void aClockThatIsLateAfterARebootIsBelievedUnlessItWentBack() {
        deployFor("one", DAY);
        write(".clock", "another-boot " + (Instant.now().getEpochSecond() - 9L * DAY) + " 5");
        endIn("one", -60);
        assertThat(sweep()).contains("swept one").doesNotContain("jumped");
    }

    @Test
    void aJumpThatHasStoodForAWhileIsBelieved() throws IOException {
        holdForAMinute();
        deployFor("one", DAY);
        endIn("one", -60);
        leap(2L * DAY);
        assertThat(sweep()).contains("0 removed");
        var clock = read(".clock").split(" ");
        clock[3] = Long.toString(Long.parseLong(clock[3]) - HOLD);
        write(".clock", String.join(" ", clock));
        assertThat(sweep()).contains("swept one");
        assertThat(read(".clock").strip().split(" "))
                .as("no jump is open any more")
                .hasSize(3);
    }

    @Test
    void aClockFileThatCannotBeReadIsNoClock() {
        deployFor("one", DAY);
        endIn("one", -60);
        write(".clock", "$(touch pwned) -5 99999999999999999999999 x\n");
        assertThat(sweep()).contains("swept one");
        assertThat(home.resolve("pwned")).doesNotExist();
    }

    @Test
    void manyEndsAtOnceAreHeldForAWhile() throws IOException {
        holdForAMinute();
        for (var i = 1; i <= 7; i++) {
            write("p" + i + "/removeat", "1000000000\n");
        }
        write("young/removeat", "9000000000\n");
        assertThat(sweep())
                .contains("0 removed, 0 failed, 7 held", "7 of 8 leases expired at once", "compose.force=true");
        assertThat(read("sweep-status.json")).contains("{\"project\":\"p7\",\"reason\":\"held\"}");
        var began = Long.parseLong(read(".brake").strip());
        write(".brake", (began - HOLD) + "\n");
        assertThat(sweep()).contains("7 removed, 0 failed, 0 held", "swept p7");
        sweep();
        assertThat(home.resolve(".yourlabs.compose/.brake")).doesNotExist();
    }

    @Test
    void aRecordWithANameThatWeNeverGiveIsListed() {
        write("foo__bar/removeat", "1000000000\n");
        write("x".repeat(64) + "/removeat", "1000000000\n");
        assertThat(sweep()).contains("0 removed, 2 failed", "foo__bar").doesNotContain("USAGE");
    }

    @Test
    void forceOverridesTheBrake() {
        for (var i = 1; i <= 7; i++) {
            write("p" + i + "/removeat", "1000000000\n");
        }
        assertThat(run("sweep", List.of("force=yes"), "")).contains("7 removed");
    }

    @Test
    void whatCouldNotBeRemovedIsTriedAgainLaterAndListedUntilThen() throws IOException {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("stuck"));
        assertThat(sweep()).contains("warning one was not removed", "still in use");
        Files.delete(stub.resolve("stuck"));
        assertThat(sweep()).contains("0 removed, 1 failed").doesNotContain("warning");
        assertThat(read("sweep-status.json"))
                .contains("\"project\":\"one\",\"reason\":\"something of one is still in use");
        var failures = read("one/sweep-failures").split(" ", 3);
        assertThat(Long.parseLong(failures[1]))
                .isBetween(Instant.now().getEpochSecond() + 30, Instant.now().getEpochSecond() + 60);
        write("one/sweep-failures", failures[0] + " 1 " + failures[2]);
        assertThat(sweep()).contains("swept one", "1 removed, 0 failed");
    }

    @Test
    void aDeployForgetsThatItCouldNotBeRemoved() throws IOException {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("stuck"));
        sweep();
        Files.delete(stub.resolve("stuck"));
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(sweep()).contains("0 removed, 0 failed");
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).exists();
    }

    @Test
    void withoutADaemonEverythingIsKeptAndTheStatusSaysSo() throws IOException {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        Files.createFile(stub.resolve("daemon-down"));
        assertThat(sweep()).contains("\"word\":\"UNAVAIL\"", "Docker does not answer");
        assertThat(read("sweep-status.json")).contains("\"held\":1");
        Files.delete(stub.resolve("daemon-down"));
        assertThat(sweep()).contains("swept one");
    }

    @Test
    void aRecordWithANameThatIsNoProjectIsListedAndLeftAlone() {
        write("Feature X;$(id)/removeat", "1000000000\n");
        assertThat(sweep()).contains("0 removed, 1 failed");
        assertThat(read("sweep-status.json")).contains("Feature X;$(id)", "not that of a Compose project");
        assertThat(read("Feature X;$(id)/removeat")).isEqualTo("1000000000\n");
    }

    @Test
    void anOlderPipelineDoesNotBringBackWhatWasTakenDown() {
        run("deploy", words("one", WEB, "sequence=7"), bundle(WEB));
        assertThat(run("down", List.of("project=one"), "")).contains("\"word\":\"OK\"");
        assertThat(run("deploy", words("one", WEB, "sequence=6"), bundle(WEB)))
                .contains("\"word\":\"BUSY\"", "superseded", "pipeline 7", "pipeline 6");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(run("deploy", words("one", WEB, "sequence=6", "identity=ffff"), bundle(WEB)))
                .contains("\"OK\"");
        run("down", List.of("project=one"), "");
        assertThat(run("deploy", words("one", WEB, "sequence=7"), bundle(WEB))).contains("\"OK\"");
        run("down", List.of("project=one"), "");
        assertThat(deploy("one", WEB)).as("by hand").contains("\"OK\"");
    }

    @Test
    void containersWithoutTheirRecordGetOneAndEndInADay() throws IOException {
        deploy("one", WEB);
        deploy("other", WEB.replace("web", "two"));
        remove(home.resolve(".yourlabs.compose/one"));
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'ps -a --filter label=com.docker.compose.project --format '*'working_dir'*)
                  echo "one $HOME/.yourlabs.compose/one"; echo "foreign /srv/foreign"; echo "other $HOME/.yourlabs.compose/other" ;;
                esac
                """);
        assertThat(run("sweep", List.of("force=yes"), "")).contains("warning one had no record");
        assertThat(Long.parseLong(read("one/removeat").strip()))
                .isBetween(
                        Instant.now().getEpochSecond() + DAY - 60, Instant.now().getEpochSecond() + DAY);
        assertThat(home.resolve(".yourlabs.compose/foreign")).doesNotExist();
        write("one/removeat", "1000000000\n");
        assertThat(sweep()).contains("swept one");
    }

    @Test
    void whatWasTakenDownMeanwhileGetsNoRecord() {
        deploy("one", WEB);
        run("down", List.of("project=one"), "");
        assertThat(run("adopt", List.of("project=one"), ""))
                .contains("\"word\":\"OK\"")
                .doesNotContain("warning");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void whatAnotherRemovedMeanwhileIsNoFault() {
        deploy("one", WEB);
        run("down", List.of("project=one"), "");
        assertThat(run("remove", List.of("project=one"), "")).contains("\"word\":\"OK\"", "\"kept\":false");
    }

    @Test
    void whatIsLockedForLongerThanTwoPeriodsIsListed() throws Exception {
        deploy("one", WEB);
        endIn("one", -60);
        var lock = home.resolve(".yourlabs.compose/.locks/one").toString();
        var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; exec sleep 60").start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('h');
            assertThat(sweep()).contains("0 removed, 0 failed");
            endIn("one", -180);
            assertThat(sweep()).contains("0 removed, 1 failed");
            assertThat(read("sweep-status.json")).contains("\"project\":\"one\",\"reason\":\"it is locked by ");
            endIn("one", DAY);
            write("one/removing", "");
            Files.delete(home.resolve(".yourlabs.compose/one/sweep-failures"));
            assertThat(sweep()).contains("0 removed, 0 failed");
            age(home.resolve(".yourlabs.compose/one/removing"));
            assertThat(sweep()).contains("0 removed, 1 failed");
        } finally {
            holder.descendants().forEach(ProcessHandle::destroy);
            holder.destroy();
            holder.waitFor();
        }
        assertThat(sweep()).as("tried at once").contains("swept one", "1 removed, 0 failed");
    }

    @Test
    void earlierFailuresDoNotDelayOtherTeardowns() throws Exception {
        for (var project : List.of("a1", "a2", "a3", "a4", "z")) {
            write(project + "/removeat", "1000000000\n");
            if (!project.equals("z")) {
                write(project + "/sweep-failures", "1 1 it took longer than 180 s\n");
            }
        }
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in *' -p a'*' down '*) while [ ! -e \"$STUB/go\" ]; do sleep 0.05; done ;; esac\n");
        var sweep = start(List.of("sweep", "nonce=n", "force=yes"));
        try {
            var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (Files.exists(home.resolve(".yourlabs.compose/z"))) {
                assertThat(System.nanoTime()).as("z is held up").isLessThan(until);
                Thread.sleep(20);
            }
        } finally {
            Files.createFile(stub.resolve("go"));
        }
        assertThat(new String(sweep.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("5 removed, 0 failed");
    }

    @Test
    void agesAreLookedAtAgainAlthoughTheClockWasAhead() throws IOException {
        deploy("one", WEB);
        sweep();
        Files.setLastModifiedTime(
                home.resolve(".yourlabs.compose/.housekeeping"),
                FileTime.from(Instant.now().plusSeconds(400L * DAY)));
        write(".trash/two.1/removeat", "1");
        age(home.resolve(".yourlabs.compose/.trash/two.1"));
        sweep();
        assertThat(home.resolve(".yourlabs.compose/.trash/two.1")).doesNotExist();
        write(".trash/two.1/removeat", "1");
        age(home.resolve(".yourlabs.compose/.trash/two.1"));
        sweep();
        assertThat(home.resolve(".yourlabs.compose/.trash/two.1"))
                .as("once an hour")
                .exists();
    }

    @Test
    void onlyImagesThatNoStackNamesAreRemovedADayAfterTheirLastUse() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'inspect --format {{.Image}}'*) echo sha256:aaaa; echo sha256:bbbb ;;
                'image inspect'*sha256:aaaa) echo app:7 ;;
                'image inspect'*sha256:bbbb) echo shared:latest ;;
                esac
                """);
        deploy("one", "services: {web: {image: app:7}, db: {image: shared}}\n");
        deploy("two", "services: {db: {image: shared}}\n");
        run("down", List.of("project=one"), "");
        run("sweep", List.of("force=yes"), "");
        assertThat(calls()).doesNotContain("image rm");
        age(home.resolve(".yourlabs.compose/.images/sha256:aaaa"));
        age(home.resolve(".yourlabs.compose/.images/sha256:bbbb"));
        run("sweep", List.of("force=yes"), "");
        assertThat(calls()).contains("image rm sha256:aaaa").doesNotContain("image rm sha256:bbbb");
        assertThat(home.resolve(".yourlabs.compose/.images/sha256:bbbb"))
                .as("looked at again")
                .exists();
    }

    @Test
    void leftoversOfTheScriptGoByAge() throws IOException {
        deploy("one", WEB);
        run("down", List.of("project=one"), "");
        write(".staging/cut.nonce/bundle", "half");
        write(".trash/two.1/removeat", "1");
        write(".host/stacks-0123.sh", "old");
        for (var place : List.of(".staging/cut.nonce", ".trash/two.1", ".host/stacks-0123.sh", ".locks/one")) {
            age(home.resolve(".yourlabs.compose").resolve(place));
        }
        // The timeout of busybox still has the lock of the down in its hands for up to a second.
        for (var tries = 0; tries < 50 && Files.exists(home.resolve(".yourlabs.compose/.locks/one")); tries++) {
            run("sweep", List.of("force=yes"), "");
        }
        for (var place : List.of(".staging/cut.nonce", ".trash/two.1", ".host/stacks-0123.sh", ".locks/one")) {
            assertThat(home.resolve(".yourlabs.compose").resolve(place)).doesNotExist();
        }
    }

    private String sweep() {
        return run("sweep", List.of(), "");
    }

    private long deployFor(String project, int lifetime) {
        assertThat(run("deploy", words(project, WEB, "lifetime=" + lifetime), bundle(WEB)))
                .contains("\"word\":\"OK\"");
        return Long.parseLong(read(project + "/removeat").strip());
    }

    private void endIn(String project, long seconds) {
        write(project + "/removeat", Instant.now().getEpochSecond() + seconds + "\n");
    }

    /** From now on the wall clock is off by so much, against what the script remembers of it. */
    private void leap(long seconds) {
        var clock = read(".clock").strip().split(" ");
        write(".clock", clock[0] + " " + (Long.parseLong(clock[1]) - seconds) + " " + clock[2]);
    }

    /** Time is counted from the start of the machine, which may be less than half an hour ago. */
    private void holdForAMinute() throws IOException {
        var text = Files.readString(script);
        assertThat(text).contains("readonly hold=1800 ");
        Files.writeString(script, text.replace("readonly hold=1800 ", "readonly hold=" + HOLD + " "));
    }

    private String calls() throws IOException {
        return Files.readString(stub.resolve("calls"));
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(40L * DAY)));
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
