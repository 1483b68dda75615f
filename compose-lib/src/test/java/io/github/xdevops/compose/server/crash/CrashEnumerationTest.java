package io.github.xdevops.compose.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.ServerScript;
import io.github.xdevops.compose.server.crash.CrashFault.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills the server's script before and after every command that it runs, lets the next call come, and compares the host with
 * one on which nothing was killed. Then the same with a script that does things in the wrong order, which has to be found out.
 */
@Tag("crashes")
class CrashEnumerationTest {
    private static final int ALL = 10_000;
    private static final String SCRIPT = new String(ServerScript.text(), StandardCharsets.UTF_8);
    private static CrashEnumeration dash;

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(CrashLab.hasShell("dash"), "dash is not installed: nothing of the server's script is killed");
        dash = new CrashEnumeration("dash", SCRIPT, 6, 1);
    }

    @AfterAll
    static void close() throws IOException {
        if (dash != null) {
            dash.close();
        }
    }

    @Test
    void whateverIsKilledTheNextCallMakesItGood() {
        dash.killEverywhere();
        assertGood(dash);
        if (Ring.isExhaustive()) {
            assertThat(dash.commands()).contains("mv", "sync", "rm", "mkdir", "docker up", "docker down", "step");
        }
        assertThat(dash.pointsOf()).hasSizeGreaterThanOrEqualTo(Ring.count(6, 11));
        Proof.claim("crash points in dash" + Ring.note() + ": " + dash.points() + ", " + dash.kills()
                + " of them by SIGKILL, " + losses(dash));
    }

    /** The short ring takes one of them. */
    static List<String> otherShells() {
        return Ring.sample(List.of("bash", "busybox sh"), 1);
    }

    @ParameterizedTest
    @MethodSource("otherShells")
    void inOtherShellsToo(String shell) throws IOException {
        assumeTrue(CrashLab.hasShell(shell), shell + " is not installed: nothing is killed under it");
        try (var enumeration = new CrashEnumeration(shell, SCRIPT, 2, 1)) {
            enumeration.killOnceForEachHost();
            assertGood(enumeration);
            assertThat(enumeration.leftByKills()).isSubsetOf(enumeration.shownByCopies());
            Proof.claim("crash points in " + shell + Ring.note() + ": " + enumeration.points() + ", covered by "
                    + enumeration.kills() + " kills that leave different hosts, " + losses(enumeration));
        }
    }

    @Test
    void aSecondKillDuringRecoveryIsRecoveredToo() {
        dash.killTwice();
        assertThat(dash.faults()).isEmpty();
        assertThat(dash.pairs()).isGreaterThan(Ring.count(0, 50_000));
        Proof.claim("pairs of crash points" + Ring.note() + ": " + dash.pairs() + ", covered by " + dash.distinctPairs()
                + " runs that differ, " + losses(dash));
    }

    /** The second of two crashes is a copy of the host at that moment. */
    @Test
    void aCopyShowsWhatAKillLeaves() {
        assertThat(dash.leftByKills()).hasSizeGreaterThan(Ring.count(1, 50)).isSubsetOf(dash.shownByCopies());
    }

    /** The test of the tests. */
    @Test
    void theOrderOfTheSystemBeforeIsFoundOut() throws IOException {
        try (var enumeration = new CrashEnumeration("dash", referenceOrder(), ALL, ALL)) {
            enumeration.killEverywhere();
            var faults = enumeration.faults();
            assertThat(faults)
                    .as("the lease is written after `up`: containers for ever")
                    .anyMatch(fault -> fault.kind() == Kind.LEAK
                            && fault.what().contains("first deploy")
                            && fault.what().contains("containers one-web-1 without lease"))
                    .as("an empty lease is an old one: a living stack is destroyed")
                    .anyMatch(fault -> fault.kind() == Kind.LOST
                            && fault.what().contains("extend")
                            && fault.what().contains("one was removed before its lease ended"))
                    .as("the lease is written into the file itself")
                    .anyMatch(fault ->
                            fault.kind() == Kind.HALF_WRITTEN && fault.what().contains("one/removeat is ``"))
                    .as("so is the compose file")
                    .anyMatch(fault ->
                            fault.kind() == Kind.HALF_WRITTEN && fault.what().contains("one/docker-compose.yml is ``"))
                    .as("one record without a lease ends the sweep of all")
                    .anyMatch(fault -> fault.kind() == Kind.STOPPED_SWEEP)
                    .as("the record goes although `down` failed")
                    .anyMatch(fault -> fault.kind() == Kind.LEAK
                            && fault.what().startsWith("sweep of what is in use undisturbed"));
            Proof.claim("crash points in the order of the system before, as a test of the tests: "
                    + enumeration.points() + ", " + losses(enumeration));
        }
    }

    private static void assertGood(CrashEnumeration enumeration) {
        assertThat(enumeration.faults()).isEmpty();
        enumeration
                .pointsOf()
                .forEach((scenario, points) ->
                        assertThat(points).as(scenario).isGreaterThan(scenario.equals("extend") ? 20 : 60));
    }

    private static String losses(CrashEnumeration enumeration) {
        return "leaks: " + enumeration.count(Kind.LEAK) + ", lost: " + enumeration.count(Kind.LOST);
    }

    private static String referenceOrder() {
        try (var in = CrashEnumerationTest.class.getResourceAsStream("reference-order.sh")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
