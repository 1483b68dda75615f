package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real registry on loopback, where an engine needs no TLS, which lets in one user. */
final class PrivateRegistry implements AutoCloseable {
    private final Process process;
    private final Path directory;
    private final String name;
    private final String user;
    private final String password;

    private PrivateRegistry(Process process, Path directory, String name, String user, String password) {
        this.process = process;
        this.directory = directory;
        this.name = name;
        this.user = user;
        this.password = password;
    }

    static PrivateRegistry start(Path directory, String user, String password) throws IOException {
        var program = System.getenv("COMPOSE_IT_REGISTRY");
        assumeTrue(program != null, "no docker-registry here: pulling with a password is not checked");
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Files.writeString(
                directory.resolve("htpasswd"),
                user + ":" + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(5, password.toCharArray()) + "\n");
        var config = Files.writeString(directory.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: "%1$s/images"}}
                http: {addr: "127.0.0.1:%2$d"}
                auth: {htpasswd: {realm: test, path: "%1$s/htpasswd"}}
                """.formatted(directory, port));
        var log = directory.resolve("registry.log").toFile();
        var process = new ProcessBuilder(program, "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        var registry = new PrivateRegistry(process, directory, "127.0.0.1:" + port, user, password);
        registry.awaitAnswer();
        return registry;
    }

    String name() {
        return name;
    }

    /** Copies an image of the server into the registry; the server forgets the copy's name. */
    String push(TestServer server, String image, String as) {
        var target = name + "/" + as;
        server.docker("tag", image, target);
        var config = directory.resolve("pusher").toString();
        docker(config, password, "login", "--username", user, "--password-stdin", name);
        docker(config, "", "push", "--quiet", target);
        server.docker("rmi", target);
        return target;
    }

    /** The tags of a repository, as the registry lists them. */
    String tags(String repository) throws IOException, InterruptedException {
        var login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        var request = HttpRequest.newBuilder(URI.create("http://" + name + "/v2/" + repository + "/tags/list"))
                .header("Authorization", "Basic " + login)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    private void awaitAnswer() throws IOException {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + name + "/v2/")).build();
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > until || !process.isAlive()) {
                    close();
                    throw new AssertionError(Files.readString(directory.resolve("registry.log")), e);
                }
                TestServer.pause(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void docker(String config, String input, String... arguments) {
        var command = new ArrayList<>(List.of(System.getenv("COMPOSE_IT_DOCKER")));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("DOCKER_CONFIG", config));
        try {
            var process = builder.start();
            process.outputWriter().append(input).close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
