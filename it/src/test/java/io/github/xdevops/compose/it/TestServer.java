package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.Stacks;
import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.SshAccess;
import io.github.xdevops.compose.host.SshAddress;
import io.github.xdevops.compose.host.SshHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server that {@code it/server up} starts, as its {@code env} describes it. */
final class TestServer {
    private static final String MISSING = "there is no test server: run it/verify, or it/server up and"
            + " set -a; eval \"$(it/server env)\"; set +a";
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final Duration ROUTED = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

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
        return Stacks.on(connect(), stateDirectory);
    }

    /** A connection of its own. */
    Host connect() {
        var access =
                SshAccess.builder().privateKey(key()).knownHosts(knownHosts()).build();
        return SshHost.connect(SshAddress.parse(address()), access);
    }

    /** What a command says that the login user runs, without the last line break. */
    String login(String command) {
        try (var host = connect()) {
            var result = host.run(Command.script(command, List.of()), line -> {});
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

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> ask(String url, String user) {
        var asked = URI.create(url);
        var request = HttpRequest.newBuilder(URI.create(
                        "http://" + env("COMPOSE_IT_TRAEFIK") + (asked.getPath().isEmpty() ? "/" : asked.getPath())))
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

    private static String env(String name) {
        var value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
        return value;
    }
}
