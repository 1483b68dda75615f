package io.github.xdevops.compose.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of a real server, in a real Maven. */
class PlanIT {
    private static final String PROJECT = "plan-it";
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["sh", "-c", "exec httpd -f -p 80 -h /tmp"]
                ports: ["80"]
                environment:
                  PASSWORD: first-canary
                configs: [{source: page, target: /page}]
                volumes: ["data:/data"]
            configs:
              page: {content: "$$ first-canary 'ü'\\n"}
            volumes: {data: {}}
            """;

    @TempDir
    Path directory;

    private TestServer server;
    private Maven maven;

    @BeforeEach
    void writeComposeFile() throws IOException {
        server = TestServer.required();
        maven = new Maven(directory, server);
        write(COMPOSE);
    }

    @AfterEach
    void takeDown() {
        if (server != null) {
            try (var stacks = server.stacks()) {
                stacks.down(PROJECT, Progress.NONE);
            }
        }
    }

    @Test
    void aPlanSaysWhatTheNextDeployWouldChange() throws IOException {
        var first = run("plan", "-Dcompose.failOnChanges=true");
        assertThat(first.out())
                .contains("+ service web\n", "    image: compose-it/httpd:1\n", "+ volume data\n", "plan-it is new: ")
                .doesNotContain("canary");
        assertThat(first.exit()).isNotZero();
        assertThat(first.error()).contains("CHANGES: plan-it is new");
        assertThat(server.remains(PROJECT)).isEmpty();

        assertThat(run("deploy").exit()).isZero();
        var same = run("plan", "-Dcompose.failOnChanges=true");
        assertThat(same.exit()).as(same.out()).isZero();
        assertThat(same.out()).contains("plan-it: no changes; a deploy would only renew the lease.");

        write(COMPOSE.replace("httpd:1", "httpd:2")
                .replace("first-canary", "second-canary")
                .replace("volumes: {data: {}}", "")
                .replace("    volumes: [\"data:/data\"]\n", ""));
        var containers = server.containers(PROJECT);
        var next = run("plan");
        assertThat(next.exit()).as(next.out()).isZero();
        assertThat(next.out())
                .contains(
                        "~ service web\n",
                        "    image: compose-it/httpd:1 → compose-it/httpd:2\n",
                        "    environment.PASSWORD: (changed)\n",
                        "    volumes./page.source: ./files/config-page-",
                        "- volume data\n",
                        "until compose:down")
                .doesNotContain("canary");
        assertThat(server.containers(PROJECT)).isEqualTo(containers);

        var file = directory.resolve("plan.json");
        run("plan", "-Dcompose.format=json", "-Dcompose.output=" + file);
        var json = Files.readString(file);
        assertThat(json).doesNotContain("canary");
        assertThat(run("plan", "-q", "-Dcompose.format=json").out()).contains(json);
        var plan = (Map<?, ?>) requireNonNull(Json.parse(json));
        assertThat(plan.get("state")).isEqualTo("running");
        assertThat((List<?>) plan.get("changes")).hasSize(2);
    }

    @Test
    void aPlanSaysThatADeployWouldBeRefusedOrWouldStartAgainWhatHasStopped() {
        assertThat(run("deploy").exit()).isZero();
        assertThat(run("plan", "-Dcompose.branch=other").out())
                .contains("A deploy would be refused: plan-it belongs to another repository or environment");
        server.containers(PROJECT).forEach(id -> server.docker("stop", "-t", "0", id));
        var stopped = run("plan", "-Dcompose.failOnChanges=true");
        assertThat(stopped.error()).contains("CHANGES: plan-it: no changes to the compose file");
        assertThat(stopped.out()).contains("it does not run; a deploy starts it again");
    }

    private Maven.Outcome run(String goal, String... options) {
        var all = new ArrayList<>(List.of("-Dcompose.project=" + PROJECT));
        if (!String.join(" ", options).contains("compose.branch")) {
            all.add("-Dcompose.branch=feature/plan");
        }
        all.addAll(List.of(options));
        return maven.run(goal, all.toArray(String[]::new));
    }

    private void write(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
    }
}
