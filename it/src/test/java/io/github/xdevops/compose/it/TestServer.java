package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server that {@code it/server up} starts, as its {@code env} describes it. */
final class TestServer {
    private static final String MISSING = "there is no test server: run it/verify, or it/server up and"
            + " set -a; eval \"$(it/server env)\"; set +a";
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final Duration ROUTED = Duration.ofSeconds(60);

    /** Without its wish for HTTP/2, which a service that speaks h2c refuses. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private TestServer() {}

    /** The server; without one the test is skipped, and says so. */
    static TestServer required() {
        if (System.getenv("COMPOSE_IT_SSH_HOST") == null && SAID.compareAndSet(false, true)) {
            System.err.println("\nNOT CHECKED: nothing runs on a real server here, because " + MISSING + "\n");
        }
        assumeTrue(System.getenv("COMPOSE_IT_SSH_HOST") != null, MISSING);
        return new TestServer();
    }

    String address() {
        return env("COMPOSE_IT_SSH_USER") + "@" + env("COMPOSE_IT_SSH_HOST") + ":" + env("COMPOSE_IT_SSH_PORT");
    }

    String key() {
        return env("COMPOSE_IT_SSH_KEY");
    }

    String knownHosts() {
        return env("COMPOSE_IT_KNOWN_HOSTS");
    }

    String domain() {
        return env("COMPOSE_IT_DOMAIN");
    }

    boolean hasTraefik() {
        var traefik = System.getenv("COMPOSE_IT_TRAEFIK");
        return traefik != null && !traefik.isEmpty();
    }

    Stacks stacks() {
        return stacks(Stacks.STATE_DIRECTORY);
    }

    Stacks stacks(String stateDirectory) {
        return stacks(env("COMPOSE_IT_SSH_PORT"), stateDirectory);
    }

    /** The same server by another of its ports, with the records elsewhere. */
    Stacks stacks(String port, String stateDirectory) {
        return Stacks.on(connect(port), stateDirectory);
    }

    /** Takes down what is left of a project with a record there, whatever its lease says. */
    void remove(String project, String stateDirectory) {
        if (Files.notExists(home().resolve(stateDirectory).resolve(project))) {
            return;
        }
        try (var stacks = stacks(stateDirectory)) {
            stacks.down(project, DownOptions.FORCE, Progress.NONE);
        }
    }

    private SshHost connect(String port) {
        var access =
                SshAccess.builder().privateKey(key()).knownHosts(knownHosts()).build();
        return SshHost.connect(
                SshAddress.parse(env("COMPOSE_IT_SSH_USER") + "@" + env("COMPOSE_IT_SSH_HOST") + ":" + port), access);
    }

    /** The stacks as they are seen through another port of this machine. */
    Stacks stacksThrough(int port, String stateDirectory) {
        var own = SshAddress.parse(address());
        var trusted = read(Path.of(knownHosts()))
                .replace("]:" + own.port() + " ", "]:" + port + " ")
                .replace("]:" + own.port() + ",", "]:" + port + ",");
        var access = SshAccess.builder().privateKey(key()).knownHosts(trusted).build();
        return Stacks.on(SshHost.connect(new SshAddress(own.user(), own.host(), port), access), stateDirectory);
    }

    /** Where its SSH server listens. */
    int port() {
        return SshAddress.parse(address()).port();
    }

    /** A connection of its own. */
    Host connect() {
        return connect(env("COMPOSE_IT_SSH_PORT"));
    }

    /** What a command says that the login user runs, without the last line break. */
    String login(String command) {
        return login(env("COMPOSE_IT_SSH_PORT"), command, new String[0]);
    }

    /** The same by another port of the server, with what the command finds in $1 and so on. */
    String login(String port, String command, String... arguments) {
        try (var host = connect(port)) {
            var result = host.run(Command.script(command, List.of(arguments)), line -> {});
            if (!result.ok()) {
                throw new AssertionError(command + ": " + result.err());
            }
            return result.out().strip();
        }
    }

    /** The page at a URL, asked for through Traefik until it is there. */
    String get(String url) {
        return get(url, null);
    }

    /** The same with a name and a password, {@code name:password}. */
    String get(String url, String user) {
        assumeTrue(hasTraefik(), "no Traefik: what it serves is not checked");
        var until = System.nanoTime() + ROUTED.toNanos();
        while (true) {
            var reply = ask(url, user);
            if (reply.statusCode() == 200) {
                return reply.body();
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(url + " answers " + reply.statusCode() + ": " + reply.body());
            }
            pause(100);
        }
    }

    /** The page that Traefik answers with at once, if it has one. */
    Optional<String> page(String url) {
        assumeTrue(hasTraefik(), "no Traefik: what it serves is not checked");
        var reply = ask(url, null);
        return reply.statusCode() == 200 ? Optional.of(reply.body().strip()) : Optional.empty();
    }

    /** The home directory of the login user, which this process can read too. */
    Path home() {
        return Path.of(env("COMPOSE_IT_STATE"));
    }

    /** Where all of the server lies. */
    Path directory() {
        return home().getParent().getParent();
    }

    /** A header of the answer that Traefik gives at once. */
    Optional<String> header(String url, String name) {
        assumeTrue(hasTraefik(), "no Traefik: what it serves is not checked");
        return ask(url, null).headers().firstValue(name);
    }

    /** The status that Traefik answers with at once. */
    int status(String url) {
        assumeTrue(hasTraefik(), "no Traefik: what it serves is not checked");
        return ask(url, null).statusCode();
    }

    /** Everything on the engine that carries a project's label, and its record. */
    List<String> remains(String project) {
        var filter = "label=com.docker.compose.project=" + project;
        var found = new ArrayList<String>();
        found.addAll(docker("ps", "-aq", "--filter", filter).lines().toList());
        found.addAll(docker("network", "ls", "-q", "--filter", filter).lines().toList());
        found.addAll(docker("volume", "ls", "-q", "--filter", filter).lines().toList());
        return found;
    }

    /** The ID of the only container of a service of a project; empty if there is none. */
    String container(String project, String service) {
        return docker(
                        "ps",
                        "-q",
                        "--no-trunc",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service)
                .strip();
    }

    /** The ids of a project's containers. */
    Set<String> containers(String project) {
        return new TreeSet<>(docker("ps", "-aq", "--filter", "label=com.docker.compose.project=" + project)
                .lines()
                .toList());
    }

    String docker(String... arguments) {
        var command = new ArrayList<>(List.of(env("COMPOSE_IT_DOCKER")));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + out);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends the daemon a signal by its name; its process is the one that the test server started. */
    void signalEngine(String name) throws IOException {
        var pid = Files.readString(
                Path.of(URI.create(env("DOCKER_HOST")).getPath()).resolveSibling("docker.pid"));
        var kill =
                new ProcessBuilder("kill", "-" + name, pid.strip()).inheritIO().start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " " + pid);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> ask(String url, String user) {
        var asked = URI.create(url);
        var request = HttpRequest.newBuilder(URI.create("http://" + env("COMPOSE_IT_TRAEFIK")
                        + (asked.getRawPath().isEmpty() ? "/" : asked.getRawPath())))
                .header("Host", asked.getAuthority())
                .timeout(Duration.ofSeconds(10));
        if (user != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String env(String name) {
        var value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }
}
