package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redeploys of what lives for ever, under load through a real Traefik. */
class ReplaceIT {
    private static final String STATE = "state-replace";
    private static final String PROJECT = "replace-it";
    private static final String OTHER = "replace-it-too";
    private static final DeployOptions OPTIONS = ready(30);
    private static final DeployOptions OF_BROKEN = ready(8);

    /** What it does when it is told to stop: it ends at once, it ends what it has begun, or it does not hear. */
    private static final List<String> PROGRAMS = List.of("abrupt", "graceful", "deaf");

    /** How a version is broken. */
    private static final List<String> WAYS = List.of("crash", "never healthy", "wrong port", "no image");

    private final List<String> said = new ArrayList<>();

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;

    @BeforeEach
    void connect() throws IOException {
        server = TestServer.required();
        stacks = server.stacks(STATE);
        JavaImage.provide(server);
        var program = Answers.class.getName().replace('.', '/') + ".class";
        var target = directory.resolve("app").resolve(program);
        Files.createDirectories(target.getParent());
        try (var in = getClass().getResourceAsStream("/" + program)) {
            Files.copy(in, target);
        }
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.down(PROJECT, DownOptions.FORCE, Progress.NONE);
            stacks.down(OTHER, DownOptions.FORCE, Progress.NONE);
            stacks.close();
            server.login("rm -rf " + STATE);
        }
    }

    /** Traefik gathers changes for 2 s unless it is told otherwise. */
    @ParameterizedTest
    @MethodSource("throttles")
    void noRequestIsLostWhileVersionsComeAndGo(String throttle) throws IOException {
        var redeploys = Ring.count(3, 20);
        var first = stack(web(1, "abrupt"));
        var url = first.endpoints().get(0).url();
        stacks.deploy(first, OPTIONS, said());
        var began = System.nanoTime();
        var broken = 0;
        try (var traefik = new OwnTraefik(server, directory, throttle)) {
            Load.await(traefik.address(), url);
            var load = new Load(traefik.address(), url);
            for (int i = 2; i <= redeploys + 1; i++) {
                if (i % 5 == 3) {
                    var way = WAYS.get((broken++ + Ring.offset(WAYS.size())) % WAYS.size());
                    var never = stack(broken(i, way));
                    assertThatThrownBy(() -> stacks.deploy(never, OF_BROKEN, said()))
                            .as(way)
                            .isInstanceOfSatisfying(
                                    ComposeException.class,
                                    e -> assertThat(e.word())
                                            .isIn(
                                                    way.equals("no image")
                                                            ? List.of(Outcome.DATA, Outcome.UNAVAIL)
                                                            : List.of(Outcome.UNHEALTHY)))
                            .hasMessageContaining("web")
                            .hasMessageContaining("the previous version is up again");
                } else {
                    stacks.deploy(stack(web(i, PROGRAMS.get(i % 3))), OPTIONS, said());
                }
                assertThat(server.containers(PROJECT)).as(said.toString()).hasSize(1);
            }
            load.close();
            assertThat(load.failures()).as(load.asked() + " requests").isEmpty();
            assertThat(load.answers()).contains("version 1", "version 2").doesNotContain("version 3");
            Proof.claim("persistent environment, 16 clients, Traefik's throttle " + throttle + ", " + redeploys
                    + " redeploys of which " + broken + " broken, in " + (System.nanoTime() - began) / 1_000_000_000
                    + " s"
                    + Ring.note() + ": failed requests: " + load.failures().size() + " of " + load.asked());
        }
        assertThat(said).contains("web: start-first, no gap");
    }

    private static DeployOptions ready(int seconds) {
        return DeployOptions.within(
                new Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(seconds), Duration.ofMinutes(1)));
    }

    static List<String> throttles() {
        return Ring.sample(List.of("2s", "100ms"), 1);
    }

    @Test
    void whatDidNotChangeStaysAndWhatWritesToAVolumeIsStoppedFirst() throws IOException {
        var compose = web(1, "abrupt") + """
                  db:
                    image: compose-it/busybox:1
                    command: ["sleep", "3600"]
                    stop_grace_period: 1s
                    logging: {driver: json-file}
                    environment: {VERSION: "1"}
                    volumes: ["data:/data"]
                  worker:
                    image: compose-it/busybox:1
                    command: ["sleep", "3600"]
                    stop_grace_period: 1s
                    logging: {driver: json-file}
                    environment: {VERSION: "1"}
                    depends_on: {web: {condition: service_healthy}}
                volumes: {data: {}}
                """;
        stacks.deploy(stack(compose), OPTIONS, said());
        var before = server.containers(PROJECT);
        assertThat(stacks.deploy(stack(compose), OPTIONS, said()).changed()).isFalse();
        assertThat(server.containers(PROJECT)).isEqualTo(before);
        assertThat(stacks.plan(stack(compose)).changes()).isEmpty();

        said.clear();
        stacks.deploy(stack(compose.replace("\"1\", \"8080\"", "\"2\", \"8080\"")), OPTIONS, said());
        assertThat(said)
                .contains("web: start-first, no gap")
                .noneMatch(line -> line.startsWith("db: ") || line.startsWith("worker: "));
        assertThat(kept(before)).hasSize(2);

        said.clear();
        var second = compose.replace("\"1\", \"8080\"", "\"2\", \"8080\"").replace("VERSION: \"1\"", "VERSION: \"2\"");
        before = server.containers(PROJECT);
        stacks.deploy(stack(second), OPTIONS, said());
        assertThat(said)
                .anyMatch(line -> line.matches("db: stop-first \\(it has the volume data\\), [0-9.]+ s"))
                .anyMatch(line -> line.matches("worker: stop-first \\(it has no URL\\), [0-9.]+ s"))
                .noneMatch(line -> line.startsWith("web: "));
        assertThat(kept(before)).hasSize(1);

        said.clear();
        var third = second.replace("\"2\", \"8080\"", "\"3\", \"8080\"").replace("VERSION: \"2\"", "VERSION: \"3\"");
        stacks.deploy(stack(third), OPTIONS, said());
        assertThat(said)
                .contains("web: start-first, no gap")
                .anyMatch(line -> line.startsWith("db: stop-first"))
                .anyMatch(line -> line.startsWith("worker: stop-first"));
        before = server.containers(PROJECT);
        assertThat(before).hasSize(3);
        assertThat(stacks.deploy(stack(third), OPTIONS, said()).changed()).isFalse();
        assertThat(server.containers(PROJECT)).isEqualTo(before);
    }

    @Test
    void withoutAHealthCheckItSaysWhatToAdd() throws IOException {
        var compose = web(1, "abrupt").replaceAll("(?m)^    healthcheck:.*\n", "");
        stacks.deploy(stack(compose), OPTIONS, said());
        stacks.deploy(stack(compose.replace("\"1\", \"8080\"", "\"2\", \"8080\"")), OPTIONS, said());
        assertThat(said)
                .anyMatch(
                        line -> line.matches(
                                "web: stop-first \\(it has no health check: add one to the service or its image\\), [0-9.]+ s"));
        assertThat(server.containers(PROJECT)).hasSize(1);
    }

    /** Both ended in 404, because Traefik's names are global. */
    @Test
    void twoSitesWithTheSameNamesOfRoutersBothAnswer() throws IOException {
        for (var project : List.of(PROJECT, OTHER)) {
            var labels = """
                    labels:
                      traefik.http.routers.app.rule: Host(`NAME.example.com`)
                      traefik.http.routers.app.middlewares: hello
                      traefik.http.middlewares.hello.headers.customresponseheaders.X-Hello: NAME
                    """.replace("NAME", project).indent(4);
            var compose = web(1, "abrupt").replace("    expose:", labels + "    expose:");
            stacks.deploy(stack(project, compose), OPTIONS, said());
        }
        for (var project : List.of(PROJECT, OTHER)) {
            assertThat(server.get("http://" + project + "." + server.domain())).startsWith("version 1");
        }
    }

    private Set<String> kept(Set<String> before) {
        var kept = server.containers(PROJECT);
        kept.retainAll(before);
        return kept;
    }

    /** A Java program, in a directory that is mounted, so that each version mounts the same. */
    private static String web(int version, String program) {
        return """
                services:
                  web:
                    image: compose-it/java:1
                    expose: ["8080"]
                    volumes: ["./app:/app"]
                    command: ["/jdk/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Dsun.net.httpserver.idleInterval=300", "-cp", "/app",
                      "io.github.xdevops.compose.it.Answers", "VERSION", "8080", "PROGRAM"]
                    stop_grace_period: 4s
                    logging: {driver: json-file}
                    healthcheck: {test: ["CMD", "busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"], interval: 1s, timeout: 2s, retries: 4}
                """.replace("VERSION", Integer.toString(version)).replace("PROGRAM", program);
    }

    private static String broken(int version, String way) {
        var works = web(version, "abrupt");
        return switch (way) {
            case "crash" -> works.replace("it.Answers", "it.Nothing");
            case "never healthy" ->
                works.replace("http://127.0.0.1:8080/\"]", "http://127.0.0.1:8080/\", \"-T\", \"x\"]");
            case "wrong port" -> works.replace("\"8080\", \"abrupt\"", "\"8081\", \"abrupt\"");
            default -> works.replace("compose-it/java:1", "compose-it/nothing:1");
        };
    }

    private Stack stack(String compose) throws IOException {
        return stack(PROJECT, compose);
    }

    private Stack stack(String project, String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/" + project, "main"))
                .project(project)
                .domain(server.domain())
                .lifetime(Lifetime.parse("forever"))
                .render();
    }

    private Progress said() {
        return new Progress() {
            @Override
            public void phase(String name) {}

            @Override
            public void line(String line) {
                said.add(line);
            }
        };
    }
}
