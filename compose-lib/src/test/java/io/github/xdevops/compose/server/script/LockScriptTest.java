package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A waiting call learns the holder of a lock, and a lock ends with its holder (P21). */
@EveryShell
class LockScriptTest extends InEveryShell {
    private static final List<String> DOWN = List.of("project=one", "lock_wait=1");

    /** Ends what a test left waiting, even when it failed. */
    @AfterEach
    void letGo() throws IOException {
        if (Files.notExists(stub.resolve("go"))) {
            Files.createFile(stub.resolve("go"));
        }
    }

    @Test
    void aBusyAnswerNamesTheHolderItsPidAndItsAge() throws Exception {
        var deploy = deployThatHangs();
        var pid = holder();
        assertThat(run("down", DOWN, ""))
                .containsPattern(
                        "waiting up to 1 s: one is locked by deploy \\(pid " + pid + "\\) since [0-9]{1,2} s\n")
                .containsPattern("\"word\":\"BUSY\",\"message\":\"one is locked by deploy \\(pid " + pid
                        + "\\) since [1-9][0-9]? s; waited 1 s, try again\"");
        letGo();
        assertThat(deploy.get(60, TimeUnit.SECONDS)).contains("\"word\":\"OK\"");
        assertThat(run("down", DOWN, "")).contains("\"existed\":true").doesNotContain("waiting");
    }

    @Test
    void theKernelFreesTheLockOfAHolderThatWasKilled() throws Exception {
        var deploy = deployThatHangs();
        var worker = ProcessHandle.of(holder()).orElseThrow();
        var all = worker.descendants().toList();
        worker.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(deploy.get(60, TimeUnit.SECONDS)).contains("\"word\":\"UNKNOWN\"", "was killed on the server");
        assertThat(run("down", DOWN, "")).contains("\"existed\":true").doesNotContain("waiting");
    }

    @Test
    void aHolderWhoseChildLivesOnIsSaidToHaveEnded() throws Exception {
        var deploy = deployThatHangs();
        var worker = ProcessHandle.of(holder()).orElseThrow();
        worker.destroyForcibly();
        worker.onExit().get(60, TimeUnit.SECONDS);
        assertThat(run("down", DOWN, "")).contains("\"word\":\"BUSY\"", "which has ended; something that it started");
        letGo();
        assertThat(deploy.get(60, TimeUnit.SECONDS)).contains("\"word\":\"UNKNOWN\"");
    }

    @Test
    void aLockFileWithAnythingInItIsNotQuoted() throws Exception {
        for (var text :
                List.of("", "work 12", "$(id) 1 2", "work 1:2 3", "work 12 99999999999999999999", "\033[1m 1 2")) {
            write(".locks/one", text + "\n");
            var lock = home.resolve(".yourlabs.compose/.locks/one").toString();
            var holder = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; exec sleep 60").start();
            try {
                assertThat(holder.getInputStream().read()).isEqualTo('h');
                assertThat(run("down", DOWN, "")).as(text).contains("one is locked by somebody unknown; waited 1 s");
            } finally {
                holder.descendants().forEach(ProcessHandle::destroy);
                holder.destroy();
            }
        }
    }

    @Test
    void aFlockThatCannotWaitIsNoBusyLock() throws Exception {
        flock("""
                for word; do [ "$word" != -w ] || { echo 'flock: invalid option -- w' >&2; exit 1; }; done
                exec "$TOOLS/flock" "$@"
                """);
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "cannot wait; install util-linux");
        Files.delete(home.resolve("bin/flock"));
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        flock("for word; do [ \"$word\" != -w ] || exit 1; done\nexec \"$TOOLS/flock\" \"$@\"\n");
        assertThat(run("down", DOWN, ""))
                .contains("\"word\":\"UNAVAIL\"", "cannot wait; install util-linux")
                .doesNotContain("somebody unknown; waited");
        assertThat(run("sweep", List.of(), "")).contains("\"word\":\"UNAVAIL\"");
    }

    @Test
    void aDiskOnWhichLocksDoNotExcludeIsRefusedBeforeAnythingIsThere() throws Exception {
        flock("exit 0\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "the same lock", "compose.stateDirectory");
        flock("exit 1\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"UNAVAIL\"", "the same lock");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        try (var staged = Files.list(home.resolve(".yourlabs.compose/.staging"))) {
            assertThat(staged).isEmpty();
        }
    }

    private void flock(String text) throws IOException {
        var program =
                Files.writeString(home.resolve("bin/flock"), "#!/bin/sh\n" + text.replace("$TOOLS", TOOLS.toString()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    /** A deploy whose containers do not come up before the file `go` is there; it holds the lock when this returns. */
    private CompletableFuture<String> deployThatHangs() throws Exception {
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in *' up '*) touch \"$STUB/up\"; while [ ! -e \"$STUB/go\" ]; do sleep 0.05; done ;; esac\n");
        var deploy = CompletableFuture.supplyAsync(() -> deploy("one", WEB));
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.notExists(stub.resolve("up"))) {
            assertThat(System.nanoTime())
                    .as("the deploy does not come to its containers")
                    .isLessThan(until);
            Thread.sleep(20);
        }
        return deploy;
    }

    private long holder() {
        return Long.parseLong(read(".locks/one").split(" ")[1]);
    }
}
