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

    /**
     * Does nothing when it runs. Docker 20.10 may never start again when it was killed while it made or removed a network
     * (its libnetwork panics in reservePools); then its networks are forgotten, as an administrator would do it.
     *
     * @return whether the engine still knows its networks
     */
    static boolean start(TestServer server) throws IOException, InterruptedException {
        var failure = up();
        if (failure.isEmpty()) {
            return true;
        }
        var log = Files.readString(server.directory().resolve("log/engine.log"));
        if (!log.substring(log.lastIndexOf("Starting up")).contains("libnetwork.(*controller).reservePools")) {
            throw new AssertionError("it/server up failed: " + failure);
        }
        System.err.println("Docker does not start again after a kill; it has to forget its networks");
        Files.delete(server.directory().resolve("docker/network/files/local-kv.db"));
        failure = up();
        if (!failure.isEmpty()) {
            throw new AssertionError("it/server up failed: " + failure);
        }
        return false;
    }

    /** What it said, if it failed. */
    private static String up() throws IOException, InterruptedException {
        var said = Files.createTempFile("it-server", ".log");
        try {
            var up = new ProcessBuilder("./server", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            return up.waitFor() == 0 ? "" : "failed: " + Files.readString(said);
        } finally {
            Files.delete(said);
        }
    }
}
