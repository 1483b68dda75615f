package io.github.xdevops.compose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The test server's Docker daemon: killed as a machine without memory does it, started again by {@code it/server}. */
final class Daemon {
    private Daemon() {}

    static void kill(TestServer server) throws IOException, InterruptedException {
        var directory = server.directory();
        var pid =
                Long.parseLong(Files.readString(directory.resolve("docker.pid")).strip());
        // The number may be that of another process by now.
        if (!Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(directory + "/etc/daemon.json")) {
            throw new AssertionError("process " + pid + " is not the test server's daemon");
        }
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        while (runs(pid)) {
            Thread.sleep(5);
        }
    }

    /** A dead one that nobody has buried does not run. */
    private static boolean runs(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    /** Does nothing when it runs. */
    static void start() throws IOException, InterruptedException {
        var said = Files.createTempFile("it-server", ".log");
        try {
            var up = new ProcessBuilder("./server", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (up.waitFor() != 0) {
                throw new AssertionError("it/server up failed: " + Files.readString(said));
            }
        } finally {
            Files.delete(said);
        }
    }
}
