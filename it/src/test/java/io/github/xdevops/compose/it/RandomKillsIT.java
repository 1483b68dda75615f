package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.it.KilledProject.Victim;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is killed at whatever instant: another try, or the end of the lease and two sweeps, make it as if nothing had been. */
@Tag("alone")
@Tag("kills")
class RandomKillsIT {
    private static final int KILLS = Integer.getInteger("kills", Ring.count(7, 200));
    private static final long SEED = Ring.seed();
    private static final int PROJECTS = 6;
    /** Hits of each project between two of the daemon, which hits them all. */
    private static final int HITS = Ring.count(1, 3);

    @TempDir
    Path directory;

    private final KillTally tally = new KillTally();
    private final List<KilledProject> projects = new ArrayList<>();
    private final ExecutorService each = Executors.newFixedThreadPool(PROJECTS);
    private TestServer server;

    @BeforeEach
    void connect() throws Exception {
        server = TestServer.required();
        System.out.println("random kills: " + KILLS + ", again with -Dseed=" + SEED);
        for (int i = 0; i < PROJECTS; i++) {
            var name = "kills-" + Long.toHexString(SEED) + "-" + i;
            projects.add(new KilledProject(server, directory.resolve(name), name, new Random(SEED + i), tally));
        }
    }

    @AfterEach
    void takeDown() throws Exception {
        each.shutdownNow();
        if (server != null) {
            Daemon.start(server);
        }
        for (var project : projects) {
            project.close();
        }
        if (server != null) {
            server.login("rm -rf state-kills-" + Long.toHexString(SEED) + "-*");
        }
    }

    @Test
    void anotherTryOrTwoSweepsMakeItAsIfNothingHadBeenKilled() throws Exception {
        while (tally.hits() < KILLS && tally.sound()) {
            inEach(project -> project.hit(Math.min(HITS, KILLS - tally.hits())));
            if (tally.hits() < KILLS && tally.sound()) {
                killDaemon();
            }
        }
        assertThat(tally.leaks()).isEmpty();
        assertThat(tally.lost()).isEmpty();
        Proof.claim("random kills: " + tally.hits() + " (client " + tally.hits(Victim.CLIENT) + ", worker "
                + tally.hits(Victim.WORKER) + ", front " + tally.hits(Victim.FRONT) + ", daemon "
                + tally.hits(Victim.DAEMON) + "), leaks: " + tally.leaks().size() + ", lost: "
                + tally.lost().size());
    }

    private void killDaemon() throws Exception {
        inEach(KilledProject::begin);
        TestServer.pause(projects.get(0).instant());
        Daemon.kill(server);
        tally.hit(Victim.DAEMON);
        if (Daemon.start(server)) {
            inEach(KilledProject::recoverFromDaemon);
        } else {
            inEach(KilledProject::recoverFromLostNetworks);
        }
    }

    private void inEach(Step step) throws Exception {
        List<Callable<Void>> steps = new ArrayList<>();
        for (var project : projects) {
            steps.add(() -> {
                step.of(project);
                return null;
            });
        }
        for (var done : each.invokeAll(steps)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new AssertionError("with -Dseed=" + SEED, e.getCause());
            }
        }
    }

    private interface Step {
        void of(KilledProject project) throws Exception;
    }
}
