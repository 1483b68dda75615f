package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services with {@code build}, without a registry and without a POM, on a machine whose Docker is not the server's. */
class BuildIT {
    private static final String STATE = "state-build";
    private static final String PROJECT = "build-it";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void project() throws IOException {
        server = TestServer.required();
        var context = Files.createDirectories(directory.resolve("web"));
        Files.copy(server.directory().resolve("dist/bin/busybox"), context.resolve("busybox"));
        var bulk = new byte[300_000];
        new Random(System.nanoTime()).nextBytes(bulk);
        Files.write(context.resolve("bulk"), bulk);
        Files.writeString(context.resolve("index.html"), "first");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM scratch
                COPY busybox /bin/busybox
                COPY bulk /bulk
                ARG TITLE
                LABEL title=${TITLE}
                COPY index.html /www/index.html
                CMD ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]
                """);
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    build: {context: web, args: {TITLE: "${TITLE}"}}
                    ports: ["8080:80"]
                """);
        Files.writeString(directory.resolve("compose.override.yaml"), "services: {web: {build: {context: nowhere}}}\n");
    }

    @AfterEach
    void takeDown() {
        if (server != null) {
            maven("unix:///nowhere", "down");
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void oneCommandBuildsTransfersAndDeploysAndAChangeSendsItsOwnLayerOnly() throws IOException {
        try (var engine = SecondEngine.start(server, directory)) {
            var first = maven(engine.url(), "deploy", "-Dcompose.env.TITLE=shop");
            assertThat(first.exit()).as(first.out()).isZero();
            assertThat(first.out())
                    .contains(
                            "The image of web is built here and transferred", "Building web", "3 of 3 layers to send");
            assertThat(page()).isEqualTo("first");
            assertThat(engine.docker("inspect", "--format", "{{.Config.Labels.title}}", PROJECT + "-web"))
                    .isEqualTo("shop\n");

            Files.writeString(directory.resolve("web/index.html"), "second");
            var second = maven(engine.url(), "deploy", "-Dcompose.env.TITLE=shop");
            assertThat(second.out()).contains("1 of 3 layers to send");
            assertThat(page()).isEqualTo("second");

            var plan = maven(engine.url(), "plan", "-Dcompose.env.TITLE=shop", "-Dcompose.failOnChanges=true");
            assertThat(plan.exit()).as(plan.out()).isZero();
            var again = maven(engine.url(), "deploy", "-Dcompose.env.TITLE=shop");
            assertThat(again.out()).contains("is on the server already", "unchanged, lease renewed");
        }
    }

    @Test
    void withoutADockerHereTheErrorNamesTheWaysOut() {
        assertThat(maven("unix:///nowhere/docker.sock", "deploy").error())
                .contains(
                        "UNAVAIL: docker compose build failed on this machine: ",
                        "registry",
                        "compose.services.SERVICE.module");
        assertThat(maven("unix:///nowhere/docker.sock", "deploy", "-Dcompose.images=pull")
                        .error())
                .contains("DATA: compose.yaml:3:5: services.web.build: the server builds no images");
        assertThat(maven("unix:///nowhere/docker.sock", "render").out()).contains("image: \"" + PROJECT + "-web\"");
    }

    private String page() {
        return server.get("http://" + PROJECT + "." + server.domain()).strip();
    }

    private Maven.Outcome maven(String engine, String goal, String... more) {
        var maven = new Maven(directory, server);
        var options = new ArrayList<>(maven.toServer(more));
        options.addAll(List.of(
                "-Dcompose.project=" + PROJECT,
                "-Dcompose.branch=main",
                "-Dcompose.repository=acme/shop",
                "-Dcompose.stateDirectory=" + STATE));
        return maven.run(
                goal,
                options,
                Map.of(
                        "DOCKER_HOST",
                        engine,
                        "DOCKER_CONFIG",
                        server.directory().resolve("client/config").toString(),
                        "PATH",
                        server.directory().resolve("dist/usr/bin") + ":" + System.getenv("PATH")));
    }
}
