package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a redeploy of a persistent environment loses: beside a real database, with clients that die, and compared with plain Compose. */
@Tag("exhaustive")
class ReplaceLossIT {
    private static final String STATE = "state-replace-loss";
    private static final String PROJECT = "replace-loss-it";
    private static final String PLAIN = "replace-plain-it";
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ofMinutes(2));
    private static final int REDEPLOYS = 5;

    @RegisterExtension
    private final Deployments deployments = Deployments.recordedIn(STATE);

    private final TestServer server = deployments.server();
    private final Stacks stacks = deployments.stacks();
    private final Path directory = deployments.directory();

    @AfterEach
    void removeThePlainStack() {
        server.containers(PLAIN).forEach(id -> server.docker("rm", "-f", id));
        if (!server.docker("network", "ls", "-q", "--filter", "name=" + PLAIN + "_default")
                .isBlank()) {
            server.docker("network", "rm", PLAIN + "_default");
        }
    }

    @Test
    void aDatabaseBesideItLosesNoAcknowledgedWrite() throws Exception {
        DebianImages.providePostgres();
        deploy(withDatabase(1, "1"));
        var db = container("db");
        sql("create table written (n integer primary key)");
        var acknowledged = new TreeSet<Integer>();
        var ended = new AtomicBoolean();
        var writer = new Thread(() -> {
            for (int n = 0; !ended.get(); n++) {
                try {
                    sql("insert into written values (" + n + ")");
                    acknowledged.add(n);
                } catch (AssertionError e) {
                    TestServer.pause(50); // it is being replaced, and has acknowledged nothing
                }
            }
        });
        writer.start();
        try {
            deploy(withDatabase(2, "1"));
            var crashing = stack(PROJECT, withDatabase(3, "1").replace("exec httpd", "exit 3; httpd"));
            assertThatThrownBy(() -> stacks.deploy(crashing, DeployOptions.within(TIMEOUTS), Progress.NONE))
                    .hasMessageContaining("the previous version is up again");
            stacks.rollback(PROJECT, 1, Revision.UNKNOWN, TIMEOUTS, Progress.NONE);
            assertThat(container("db")).as("web alone was replaced").isEqualTo(db);
            deploy(withDatabase(5, "2"));
            assertThat(container("db")).isNotEqualTo(db);
            TestServer.pause(2000);
        } finally {
            ended.set(true);
            writer.join();
        }
        assertThat(acknowledged).hasSizeGreaterThan(20);
        Set<Integer> found =
                sql("copy written to stdout").lines().map(Integer::valueOf).collect(Collectors.toSet());
        var lost = new TreeSet<>(acknowledged);
        lost.removeAll(found);
        assertThat(lost).isEmpty();
        Proof.claim("PostgreSQL beside two redeploys, a broken one, a rollback, and a change of its own container:"
                + " acknowledged writes lost: " + lost.size() + " of " + acknowledged.size());
    }

    /** The connection dies with the client; the worker goes on. */
    @Test
    void aClientThatDiesDuringAReplacementLosesNoRequest() throws IOException {
        var url = deploy(web(1));
        var version = 1;
        try (var traefik = new OwnTraefik(server, directory, "100ms")) {
            Load.await(traefik.address(), url, "page ");
            var load = new Load(traefik.address(), url, "page ");
            for (var phase : new String[] {"check", "up", "ready", "replace"}) {
                version++;
                var dying = server.stacks(STATE);
                var next = stack(PROJECT, web(version));
                assertThatThrownBy(() -> dying.deploy(next, DeployOptions.within(TIMEOUTS), closing(dying, phase)))
                        .as(phase)
                        .isInstanceOfAny(ComposeException.class, HostException.class, IllegalStateException.class);
                // Waits for the worker's lock, and ends well.
                version++;
                deploy(web(version));
                assertThat(server.containers(PROJECT)).as(phase).hasSize(1);
            }
            load.close();
            assertThat(load.failures()).as(load.asked() + " requests").isEmpty();
            assertThat(load.answers()).contains("page " + version);
            Proof.claim("client killed at four phases of a replacement: failed requests: "
                    + load.failures().size() + " of " + load.asked());
        }
    }

    @Test
    void plainComposeLosesRequestsWhereAReplacementDoesNot() throws Exception {
        var url = deploy(web(1));
        try (var traefik = new OwnTraefik(server, directory, "100ms")) {
            Load.await(traefik.address(), url, "page ");
            var load = new Load(traefik.address(), url, "page ");
            var began = System.nanoTime();
            for (int i = 2; i <= REDEPLOYS + 1; i++) {
                deploy(web(i));
            }
            var ours = (System.nanoTime() - began) / 1_000_000 / REDEPLOYS;
            load.close();
            assertThat(load.failures()).as(load.asked() + " requests").isEmpty();

            url = plain(1);
            Load.await(traefik.address(), url, "page ");
            var startUp = startUp();
            var plainLoad = new Load(traefik.address(), url, "page ");
            var plain = 0L;
            for (int i = 2; i <= REDEPLOYS + 1; i++) {
                began = System.nanoTime();
                plain(i);
                plain += (System.nanoTime() - began) / 1_000_000 / REDEPLOYS;
                Load.await(traefik.address(), url, "page " + i);
            }
            plainLoad.close();
            assertThat(plainLoad.failures()).isNotEmpty();
            // Traefik closes idle connections after 3 s, and is given 3 s to take the change.
            var bound = plain * 3 / 2 + startUp + 8_000;
            Proof.claim(REDEPLOYS + " redeploys under load: " + ours + " ms each, failed requests: "
                    + load.failures().size() + " of " + load.asked() + "; plain docker compose up -d: " + plain
                    + " ms each, failed requests: " + plainLoad.failures().size() + " of " + plainLoad.asked()
                    + "; 1.5 times plain, start-up (" + startUp + " ms) and drain (8 s) together: " + bound + " ms");
        }
    }

    /** Deploys what {@code docker compose up -d} deploys, and returns its URL. */
    private String plain(int version) throws Exception {
        var stack = stack(PLAIN, web(version));
        var file = Files.writeString(directory.resolve("plain.yml"), stack.text());
        var process = new ProcessBuilder(
                        System.getenv("COMPOSE_IT_COMPOSE"), "-p", PLAIN, "-f", file.toString(), "up", "-d")
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return stack.endpoints().get(0).url();
    }

    /** From the start of the plain container to its first good health check, in milliseconds. */
    private long startUp() {
        var id = server.containers(PLAIN).iterator().next();
        var times = server.docker(
                        "inspect",
                        "--format",
                        "{{.State.StartedAt}} {{(index .State.Health.Log 0).End.Format \"2006-01-02T15:04:05.000Z07:00\"}}",
                        id)
                .strip()
                .split(" ");
        return Duration.between(
                        Instant.parse(times[0]), OffsetDateTime.parse(times[1]).toInstant())
                .toMillis();
    }

    private static Progress closing(Stacks connection, String phase) {
        return new Progress() {
            @Override
            public void phase(String name) {
                if (name.equals(phase)) {
                    connection.close();
                }
            }

            @Override
            public void line(String line) {}
        };
    }

    private String deploy(String compose) throws IOException {
        var stack = stack(PROJECT, compose);
        deployments.add(PROJECT);
        stacks.deploy(stack, DeployOptions.within(TIMEOUTS), Progress.NONE);
        return stack.endpoints().get(0).url();
    }

    private String sql(String statement) {
        return server.docker(
                "exec", container("db"), "psql", "-qAt", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement);
    }

    private String container(String service) {
        return server.container(PROJECT, service);
    }

    /** A page that tells its version. */
    static String web(int version) {
        return """
                services:
                  web:
                    image: compose-it/httpd:1
                    expose: ["80"]
                    command: ["sh", "-c", "echo page VERSION >/www/get; cp /www/get /www/slow; exec httpd -f -p 80 -h /www"]
                    logging: {driver: json-file}
                    healthcheck: {test: ["CMD", "timeout", "2", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/get"], interval: 1s, retries: 4}
                """.replace("VERSION", Integer.toString(version));
    }

    private static String withDatabase(int version, String ofDatabase) {
        return web(version) + """
                  db:
                    image: IMAGE
                    environment: {POSTGRES_PASSWORD: "only-a-test", VERSION: "OF"}
                    logging: {driver: json-file}
                    volumes: ["data:/var/lib/postgresql/data"]
                    healthcheck: {test: ["CMD", "pg_isready", "-U", "postgres", "-h", "127.0.0.1"], interval: 1s, retries: 20}
                volumes: {data: {}}
                """.replace("IMAGE", DebianImages.POSTGRES).replace("OF", ofDatabase);
    }

    private Stack stack(String project, String compose) {
        return deployments
                .compose(Environment.of("acme/" + project, "main"), compose)
                .project(project)
                .lifetime(Lifetime.parse("forever"))
                .render();
    }
}
