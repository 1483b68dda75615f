package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.HistoryEntry;
import io.github.xdevops.compose.server.KeptVersion;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a rollback brings back on a real server: page, mounted file, environment and image, while clients ask. */
class RollbackIT {
    private static final String STATE = "state-rollback";
    private static final String PROJECT = "rollback-it";
    private static final String TAG = "rollback-it/app:latest";
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(20), Duration.ofMinutes(1));
    private static final Revision OPERATOR = new Revision(null, null, "grace", "https://ci.example.com/9", 0);

    private final List<String> said = new ArrayList<>();

    @RegisterExtension
    private final Deployments deployments = Deployments.recordedIn(STATE);

    private final TestServer server = deployments.server();
    private final Stacks stacks = deployments.stacks();
    private final Path directory = deployments.directory();

    @AfterEach
    void removeTheImage() {
        stacks.down(PROJECT, DownOptions.FORCE, Progress.NONE);
        server.docker("image", "rm", "-f", TAG);
    }

    @Test
    void aRollbackBringsBackFileMountsAndTheExactImageUnderLoad() throws IOException {
        var ids = new ArrayList<String>();
        for (int version = 1; version <= 2; version++) {
            ids.add(tag(version));
            stacks.deploy(stack(version), DeployOptions.within(TIMEOUTS), said());
        }
        var url = stack(2).endpoints().get(0).url();
        var db = container("db");
        var kept = stacks.inspect(PROJECT).kept();
        assertThat(kept).extracting(KeptVersion::number).containsExactly(2L, 1L);
        assertThat(kept.get(1).images()).containsEntry("web", TAG);
        assertThat(kept.get(1).imageIds()).containsEntry("web", ids.get(0));
        assertRefused(7, OPERATOR, PROJECT + " has no version 7 to roll back to; its versions are: 1 2");
        assertRefused(1, new Revision(null, null, null, null, 1), "superseded");
        said.clear();

        try (var traefik = new OwnTraefik(server, directory, "100ms")) {
            Load.await(traefik.address(), url, "page ");
            var load = new Load(traefik.address(), url, "page ");
            var deployed = stacks.rollback(PROJECT, 1, OPERATOR, TIMEOUTS, said());
            assertThat(deployed.generation()).isEqualTo(3);
            assertThat(deployed.changed()).isTrue();
            assertThat(deployed.urls()).containsExactly(url);
            load.close();
            assertThat(load.failures()).as(load.asked() + " requests").isEmpty();
            assertThat(load.answers()).containsExactly("page 2", "page 1");
            Proof.claim("rollback of a persistent environment, 16 clients: failed requests: "
                    + load.failures().size() + " of " + load.asked());
        }
        assertThat(said).contains("web: start-first, no gap").noneMatch(line -> line.startsWith("db: "));
        assertThat(container("db")).isEqualTo(db);
        var web = container("web");
        assertThat(server.docker("inspect", "--format", "{{.Image}}", web).strip())
                .isEqualTo(ids.get(0));
        assertThat(server.docker("exec", web, "sh", "-c", "cat /www/index.html /etc/app.conf && echo $VERSION"))
                .isEqualTo("page 1\nconf 1\n1\n");

        var history = stacks.inspect(PROJECT).history();
        assertThat(history).extracting(HistoryEntry::number).containsExactly(3L, 2L, 1L);
        var last = history.get(0);
        assertThat(last.outcome()).isEqualTo(Outcome.OK);
        assertThat(last.rollback()).isEqualTo(1);
        assertThat(last.revision().author()).isEqualTo("grace");
        assertThat(last.revision().pipeline()).isEqualTo("https://ci.example.com/9");
        assertThat(last.revision().commit()).isEqualTo("c1");
        assertThat(history.get(1).revision().author()).isEqualTo("ada");

        // The next deploy goes on from there.
        var again = stacks.deploy(stack(2), DeployOptions.within(TIMEOUTS), said());
        assertThat(again.generation()).isEqualTo(4);
        assertThat(server.docker("exec", container("web"), "sh", "-c", "cat /www/index.html /etc/app.conf"))
                .isEqualTo("page 2\nconf 2\n");

        server.docker("image", "rm", "-f", ids.get(0));
        assertRefused(1, OPERATOR, "somebody has deleted the image of web");
    }

    private void assertRefused(long number, Revision by, String reason) {
        var before = server.containers(PROJECT);
        var deploys = stacks.inspect(PROJECT).history().size();
        assertThatThrownBy(() -> stacks.rollback(PROJECT, number, by, TIMEOUTS, said()))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isIn(Outcome.DATA, Outcome.BUSY))
                .hasMessageContaining(reason);
        assertThat(server.containers(PROJECT)).isEqualTo(before);
        assertThat(stacks.inspect(PROJECT).history()).hasSize(deploys);
    }

    /** Builds the image of a version under the same tag, and returns its ID. */
    private String tag(int version) throws IOException {
        var context = Files.createDirectories(directory.resolve("image"));
        Files.writeString(context.resolve("page"), "page " + version + "\n");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM compose-it/httpd:1
                COPY page /www/index.html
                RUN cp /www/index.html /www/get && cp /www/index.html /www/slow
                """);
        server.docker("build", "-q", "-t", TAG, context.toString());
        return server.docker("image", "inspect", "--format", "{{.Id}}", TAG).strip();
    }

    private Stack stack(int version) throws IOException {
        Files.writeString(directory.resolve("app.conf"), "conf " + version + "\n");
        var file = """
                services:
                  web:
                    image: TAG
                    pull_policy: missing
                    expose: ["80"]
                    environment: {VERSION: "NUMBER"}
                    volumes: ["./app.conf:/etc/app.conf:ro"]
                    logging: {driver: json-file}
                    healthcheck: {test: ["CMD", "timeout", "2", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"], interval: 1s}
                  db:
                    image: compose-it/busybox:1
                    command: ["sleep", "3600"]
                    stop_grace_period: 1s
                    logging: {driver: json-file}
                    volumes: ["data:/data"]
                volumes: {data: {}}
                """.replace("TAG", TAG).replace("NUMBER", Integer.toString(version));
        var revision = new Revision("main", "c" + version, "ada", "https://ci.example.com/" + version, version);
        return deployments.render(deployments
                .compose(new Environment("acme/" + PROJECT, "main", revision), file)
                .project(PROJECT)
                .lifetime(Lifetime.parse("forever")));
    }

    private String container(String service) {
        return server.container(PROJECT, service);
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
