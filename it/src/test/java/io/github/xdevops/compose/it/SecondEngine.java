package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Docker Engine of its own, as a build machine has one, that runs no containers. */
final class SecondEngine implements AutoCloseable {
    /** Below the directory that it was started in. */
    static final String SOCKET = "engine/docker.sock";

    private final Process process;
    private final TestServer server;
    private final Path socket;
    private final Path log;

    private SecondEngine(Process process, TestServer server, Path socket, Path log) {
        this.process = process;
        this.server = server;
        this.socket = socket;
        this.log = log;
    }

    static SecondEngine start(TestServer server, Path directory) throws IOException {
        var programs = server.directory().resolve("dist/usr");
        assumeTrue(
                Files.isExecutable(programs.resolve("sbin/dockerd")),
                "no dockerd of the test server's own: what another Docker has is not carried");
        var place = Files.createDirectories(directory.resolve("engine"));
        // The bridge is the test server's: without one, dockerd would remove the machine's docker0.
        var config = Files.writeString(place.resolve("daemon.json"), """
                {"hosts": ["unix://%1$s/docker.sock"], "data-root": "%1$s/data", "exec-root": "%1$s/exec", "pidfile": "%1$s/pid",
                 "deprecated-key-path": "%1$s/key.json", "bridge": "compose-it0", "iptables": false, "ip-forward": false,
                 "ip-masq": false, "userland-proxy": false, "storage-driver": "vfs"}
                """.formatted(place));
        var log = place.resolve("log");
        var builder = new ProcessBuilder(
                        programs.resolve("sbin/dockerd").toString(), "--config-file", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("DOCKER_HOST");
        builder.environment()
                .put("PATH", programs.resolve("bin") + ":" + programs.resolve("sbin") + ":" + System.getenv("PATH"));
        var engine = new SecondEngine(builder.start(), server, directory.resolve(SOCKET), log);
        engine.awaitAnswer();
        return engine;
    }

    private void awaitAnswer() throws IOException {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                docker("version");
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > until || !process.isAlive()) {
                    close();
                    throw new AssertionError(Files.readString(log), e);
                }
                TestServer.pause(100);
            }
        }
    }

    String docker(String... arguments) {
        var command = new ArrayList<>(
                List.of(server.directory().resolve("dist/usr/bin/docker").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("DOCKER_HOST", "unix://" + socket));
        try {
            var client = builder.start();
            client.getOutputStream().close();
            var said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (client.waitFor() != 0) {
                throw new AssertionError(command + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // It ends its containerd itself.
        var children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
