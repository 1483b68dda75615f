package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.Input;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.host.ssh.SshAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A Docker Engine of its own, as a build machine has one. */
final class SecondEngine implements AutoCloseable {
    /** Below the directory that it was started in. */
    static final String SOCKET = "engine/docker.sock";

    private final Process process;
    private final TestServer server;
    private final Path socket;
    private final Path log;
    private final Path home;

    private SecondEngine(Process process, TestServer server, Path socket, Path log, Path home) {
        this.process = process;
        this.server = server;
        this.socket = socket;
        this.log = log;
        this.home = home;
    }

    /** One of the test server's kind that runs no containers. */
    static SecondEngine start(TestServer server, Path directory) throws IOException {
        return start(server, directory, directory.resolve("engine"), "dist", "\"storage-driver\": \"vfs\"");
    }

    /** A newer one that keeps images with containerd, as Docker does by itself since 29. The test server's login may use it. */
    static SecondEngine keepingImagesWithContainerd(TestServer server) throws IOException {
        var place = Files.createTempDirectory(server.directory(), "engine");
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx--x--x"));
        return start(
                server,
                place,
                place,
                "newer",
                "\"storage-driver\": \"native\", \"features\": {\"containerd-snapshotter\": true}, \"group\": \""
                        + SshAddress.parse(server.address()).user() + "\"");
    }

    private static SecondEngine start(TestServer server, Path directory, Path home, String kind, String settings)
            throws IOException {
        var dockerd = server.directory().resolve(kind).resolve("usr/sbin/dockerd");
        assumeTrue(
                Files.isExecutable(dockerd),
                "no " + dockerd + ", which it/server up brings: what another Docker has is not carried");
        var programs = server.directory().resolve("dist/usr");
        var place = Files.createDirectories(directory.resolve("engine"));
        // The bridge is the test server's: without one, dockerd would remove the machine's docker0.
        var config = Files.writeString(place.resolve("daemon.json"), """
                {"hosts": ["unix://%1$s/docker.sock"], "data-root": "%1$s/data", "exec-root": "%1$s/exec", "pidfile": "%1$s/pid",
                 "deprecated-key-path": "%1$s/key.json", "bridge": "compose-it0", "iptables": false, "ip-forward": false,
                 "ip-masq": false, "userland-proxy": false, %2$s}
                """.formatted(place, settings));
        var log = place.resolve("log");
        var builder = new ProcessBuilder(dockerd.toString(), "--config-file", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("DOCKER_HOST");
        builder.environment()
                .put(
                        "PATH",
                        dockerd.resolve("../../bin").normalize() + ":" + programs.resolve("bin") + ":"
                                + programs.resolve("sbin") + ":" + System.getenv("PATH"));
        var engine = new SecondEngine(builder.start(), server, directory.resolve(SOCKET), log, home);
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

    /** The test server's login, with this engine in place of the server's. */
    Host host() {
        var login = server.connect();
        return new Host() {
            @Override
            public String address() {
                return login.address();
            }

            @Override
            public Result run(Command command, Input input, Consumer<String> lines) {
                var text = "DOCKER_HOST=" + url() + "; export DOCKER_HOST; " + command.text();
                return login.run(new Command(text, command.stdin(), command.deadline()), input, lines);
            }

            @Override
            public void close() {
                login.close();
            }
        };
    }

    /** How clients find it. */
    String url() {
        return "unix://" + socket;
    }

    String docker(String... arguments) {
        var command = new ArrayList<>(
                List.of(server.directory().resolve("dist/usr/bin/docker").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("DOCKER_HOST", url()));
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
        // What runs in containers would outlive it.
        removeContainers();
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
            removeFiles();
        }
    }

    private void removeContainers() {
        try {
            docker("ps", "-aq").lines().forEach(id -> docker("rm", "-f", id));
        } catch (AssertionError e) {
            System.err.println("SecondEngine: " + e.getMessage());
        }
    }

    private void removeFiles() {
        try {
            new ProcessBuilder("rm", "-rf", "--one-file-system", home.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
