package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.it.Maven.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people see when a deploy fails, which has to be enough to know why. Each screen is a file that somebody has read and
 * found sufficient; {@code -Dscreens.directory=DIRECTORY} writes them anew.
 */
class FailureScreensIT {
    private static final String PROJECT = "screens-it";
    private static final String STATE = "state-screens";
    private static final int LONGEST = 40;

    @TempDir
    Path directory;

    private TestServer server;
    private Maven maven;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        maven = new Maven(directory, server);
    }

    @AfterEach
    void takeDown() {
        if (server != null) {
            server.remove(PROJECT, STATE);
            server.login("rm -rf " + STATE);
        }
    }

    private Outcome deploy(String compose, String... options) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        var all = new ArrayList<>(List.of(
                "-Dcompose.project=" + PROJECT,
                "-Dcompose.repository=acme/shop",
                "-Dcompose.branch=feature/x",
                "-Dcompose.stateDirectory=" + STATE,
                "-Dcompose.urlCheck=3s"));
        all.addAll(List.of(options));
        return maven.run("deploy", all.toArray(String[]::new));
    }

    @Test
    void aContainerThatCrashes() throws IOException {
        check("crashing-container", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo starting >&2; echo no database at db:5432 >&2; exit 3"]
                    expose: ["80"]
                """));
    }

    @Test
    void aContainerThatNeverGetsHealthy() throws IOException {
        check("never-healthy", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo serving; exec sleep 1000"]
                    expose: ["80"]
                    healthcheck:
                      test: ["CMD-SHELL", "echo connection refused by port 80; exit 1"]
                      interval: 1s
                      retries: 2
                """));
    }

    @Test
    void aContainerThatIsNotHealthyInTime() throws IOException {
        check("not-healthy-in-time", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo loading 1 of 900 pages; exec sleep 1000"]
                    expose: ["80"]
                    healthcheck:
                      test: ["CMD-SHELL", "echo connection refused by port 80; exit 1"]
                      interval: 1s
                      retries: 100
                """, "-Dcompose.readyTimeout=4s"));
    }

    @Test
    void aContainerThatRestartsAgainAndAgain() throws IOException {
        var outcome = deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo no database at db:5432 >&2; exit 3"]
                    expose: ["80"]
                """, "-Dcompose.lifetime=forever", "-Dcompose.readyTimeout=7s");
        // At that very moment Docker may be starting it.
        var shown = outcome.out().replace("running, exit code 0", "restarting, exit code 3");
        check("restarting-container", new Outcome(outcome.exit(), shown));
    }

    @Test
    void aPortOnWhichNobodyListens() throws IOException {
        check("wrong-port", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo listening on port 80; exec httpd -f -p 80"]
                    expose: ["8080"]
                """));
    }

    @Test
    void anImageThatIsNotThere() throws IOException {
        check("missing-image", deploy("""
                services:
                  web:
                    image: 127.0.0.1:9/acme/shop:7
                    expose: ["80"]
                """));
    }

    @Test
    void aServerWithoutRoom() throws IOException {
        server.login("mkdir -p " + STATE + " && echo disk_mib=100000000 >" + STATE + "/.limits");
        check("no-disk", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    expose: ["80"]
                """));
    }

    @Test
    void aTraefikThatDoesNotTakeTheRouter() throws IOException {
        var templates = Files.createDirectories(directory.resolve("src/main/compose"));
        Files.writeString(templates.resolve("traefik.ftl"), """
                services:
                [#list routed as service, routes]
                  [=service]:
                    labels:
                      traefik.enable: "true"
                      traefik.docker.network: [=routes[0].network]
                      [="traefik.http.routers.[=routes[0].router].rule"]: [=routes[0].rule]
                      [="traefik.http.routers.[=routes[0].router].entrypoints"]: "other"
                      [="traefik.http.routers.[=routes[0].router].service"]: [=routes[0].router]
                      [="traefik.http.services.[=routes[0].router].loadbalancer.server.port"]: "80"
                [/#list]
                """);
        server.login(
                Integer.toString(server.port()),
                "mkdir -p \"$1\" && echo \"$2\" >\"$1/.policy\"",
                STATE,
                "allow services.*.labels.\"traefik.http.routers.*.entrypoints\" = other");
        check("no-router", deploy("""
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["httpd", "-f", "-p", "80"]
                    expose: ["80"]
                """));
    }

    /** What Maven itself says around is left out, and what differs from run to run. */
    private void check(String name, Outcome outcome) throws IOException {
        assertThat(outcome.exit()).as(outcome.out()).isNotZero();
        var shown = outcome.out()
                .lines()
                .filter(line -> line.startsWith("[INFO] »")
                        || line.startsWith("[INFO]   |")
                        || line.startsWith("[INFO] Deploying")
                        || line.startsWith("[WARNING]")
                        || line.startsWith("[ERROR] Failed")
                        || line.startsWith("[ERROR] See "))
                .map(line -> line.replace(server.address(), "deploy@ci.example.com")
                        .replace(server.domain(), "ci.example.com")
                        .replace(server.directory().toString(), "/srv")
                        .replaceAll("io.github.xdevops.compose:compose-maven-plugin:[^:]*", "compose")
                        .replaceAll("\\d+ seconds? ago|Less than a second ago", "N seconds ago")
                        .replaceAll("\\d+ MiB", "N MiB")
                        .replaceAll(" +$", ""))
                .distinct() // how often a health check ran depends on the machine
                .collect(Collectors.joining("\n", "", "\n"));
        var target = System.getProperty("screens.directory");
        if (target != null) {
            Files.writeString(Path.of(target).resolve(name + ".txt"), shown);
        }
        assertThat(shown.lines()).hasSizeLessThanOrEqualTo(LONGEST);
        assertThat(shown).isEqualTo(golden(name));
    }

    private static String golden(String name) throws IOException {
        try (var in = FailureScreensIT.class.getResourceAsStream("screens/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
