package io.github.xdevops.compose.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a server, in a real Maven: what is pinned, what is swept, and no secret. */
class ListIT {
    private static final String STATE = ".compose-it-list";

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
        if (maven != null) {
            server.remove("list-it", STATE);
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void whatIsPinnedStaysUntilItIsExtended() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services: {web: {image: "compose-it/httpd:1", ports: ["80"]}}
                """);
        assertThat(run("deploy", "-Dcompose.branch=feature/list", "-Dcompose.lifetime=1h")
                        .exit())
                .isZero();
        assertThat(run("list").out())
                .containsPattern("list-it +running +5[0-9]m \\S+ +ok ")
                .contains(
                        "  http://list-it." + server.domain(),
                        "The sweeper has never run on this server",
                        "compose:sweep");

        assertThat(run("pin").out()).contains("list-it is pinned");
        assertThat(server.login("ls " + STATE + "/list-it")).doesNotContain("removeat");
        assertThat(run("deploy", "-Dcompose.branch=feature/list", "-Dcompose.lifetime=1s")
                        .out())
                .contains("list-it is pinned, so it is kept", "never expires");
        assertThat(run("sweep", "-Dcompose.force=true").out()).contains("0 removed, 0 problems");
        assertThat(run("list").out())
                .containsPattern("list-it +running +pinned +ok ")
                .doesNotContain("swept");
        assertThat(stack().get("pinned")).isEqualTo(true);
        assertThat(stack().get("expires")).isNull();
        assertThat(run("down").error())
                .contains("POLICY: list-it is pinned by " + System.getProperty("user.name"), "compose.force=true");
        assertThat(server.remains("list-it")).isNotEmpty();

        assertThat(run("extend", "-Dcompose.lifetime=1s").out()).contains("list-it is no longer pinned");
        TestServer.pause(1100);
        assertThat(run("list").out()).containsPattern("list-it +expired +overdue [0-9]+s +ok ");
        assertThat(run("sweep").out()).contains("list-it has expired and is gone");
        assertThat(server.remains("list-it")).isEmpty();
        assertThat(run("pin").error()).contains("DATA: list-it is gone");
    }

    @Test
    void aPersistentEnvironmentTellsItsHistoryAndIsRolledBack() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services: {web: {image: "compose-it/httpd:1", ports: ["80"]}}
                """);
        assertThat(run("deploy", "-Dcompose.branch=main", "-Dcompose.lifetime=forever")
                        .exit())
                .isZero();
        assertThat(run("rollback").out())
                .containsPattern("DEPLOY +ENDED +COMMIT +BY +IMAGES")
                .containsPattern("1 +20\\S+Z .* web=compose-it/httpd:1@sha256:[0-9a-f]{12}\n");
        assertThat(run("rollback", "-Dcompose.to=9").error())
                .contains("DATA: list-it has no version 9 to roll back to; its versions are 1 ");
        assertThat(run("rollback", "-Dcompose.to=1", "-Dcompose.postDeploy=web: echo that $(hostname) is back")
                        .out())
                .containsPattern("that [0-9a-f]{12} is back")
                .contains("list-it is rolled back to 1, as deploy 2; nothing had to be changed");
        var unanswered = run("rollback", "-Dcompose.to=2", "-Dcompose.urlCheck=/none 200 1s");
        assertThat(unanswered.exit()).isNotZero();
        assertThat(unanswered.error()).contains("UNHEALTHY", "/none answers 404 and not 200 after 1 s");
        assertThat(run("history").out())
                .containsPattern("2 +20\\S+Z +\\S+ +OK, unchanged, rollback to 1 +" + System.getProperty("user.name"))
                .containsPattern("1 +20\\S+Z +\\S+ +OK +");
    }

    @Test
    void noSecretIsPrintedOrKeptInALog() throws IOException {
        var canaries = List.of("canary/of?a file$1", "canary-of-the-file-of-variables", "canary-of-an-url");
        Files.writeString(directory.resolve(".env"), "DB_PASSWORD=" + canaries.get(1) + "\n");
        var encoded = Base64.getEncoder().encodeToString(canaries.get(0).getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    expose: ["80"]
                    environment:
                      API_KEY: "%s"
                      DATABASE_URL: "postgres://ann:%s@db/shop"
                    command: ["sh", "-c", "echo no login with $$API_KEY or %s; echo nor ${DB_PASSWORD} at $$DATABASE_URL; exit 3"]
                """.formatted(
                        canaries.get(0).replace("$", "$$"), canaries.get(2), encoded));
        var deploy = run("deploy", "-Dcompose.branch=feature/list");
        assertThat(deploy.exit()).isNotZero();
        assertThat(deploy.error()).contains("UNHEALTHY", "service web ended");
        assertThat(deploy.out()).contains("no login with *** or ***", "nor *** at postgres://ann:***@db/shop");
        var log = server.login("cat " + STATE + "/list-it/deploy.log");
        assertThat(log).contains("no login with *** or ***", "nor *** at postgres://ann:***@db/shop");
        // The compose file itself has to hold them; it is the owner's alone.
        var elsewhere = server.login("cd " + STATE + " && grep -rlF -e canary -e " + encoded + " . || :");
        assertThat(elsewhere.lines()).allMatch(file -> file.endsWith("/docker-compose.yml"));
        assertThat(deploy.out() + log).doesNotContain("canary", encoded);
        Proof.claim(
                "secrets in what a failed deploy prints and keeps in its log: 0 of " + canaries.size() + " canaries");
    }

    private Maven.Outcome run(String goal, String... options) {
        var all = new ArrayList<>(List.of("-Dcompose.project=list-it", "-Dcompose.stateDirectory=" + STATE));
        all.addAll(List.of(options));
        return maven.run(goal, all.toArray(String[]::new));
    }

    private Map<?, ?> stack() throws IOException {
        var file = directory.resolve("list.json");
        run("list", "-Dcompose.format=json", "-Dcompose.output=" + file);
        var list = (List<?>) requireNonNull(Json.parse(Files.readString(file)));
        return (Map<?, ?>) list.get(0);
    }
}
