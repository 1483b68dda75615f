package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
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

    @Test
    void theBuildsThatAWrittenPipelineRunsMakeTheImagesThatItDeploys() throws Exception {
        var config = Files.createDirectories(directory.resolve("docker/cli-plugins"));
        Files.createSymbolicLink(
                config.resolve("docker-compose"),
                server.directory().resolve("dist/usr/libexec/docker/cli-plugins/docker-compose"));
        for (var kind : List.of("gitlab", "github", "jenkins")) {
            var written = maven("unix:///nowhere", "ci", "-Dcompose.ci=" + kind);
            assertThat(written.exit()).as(written.out()).isZero();
        }
        try (var engine = SecondEngine.start(server, directory);
                var registry =
                        PrivateRegistry.start(Files.createDirectory(directory.resolve("registry")), "ann", "secret")) {
            var job = (Map<?, ?>)
                    JobShell.yaml(directory.resolve(".gitlab-ci.yml")).get("review-build");
            var script =
                    ((List<?>) job.get("script")).stream().map(String::valueOf).collect(Collectors.joining("\n"));
            run(
                    engine,
                    script,
                    Map.of(
                            "CI_REGISTRY", registry.name(),
                            "CI_REGISTRY_USER", "ann",
                            "CI_REGISTRY_PASSWORD", "secret",
                            "CI_REGISTRY_IMAGE", registry.name() + "/acme/shop",
                            "CI_COMMIT_SHA", "0123456789"));
            assertThat(registry.tags("acme/shop/web")).contains("0123456789");
            for (var file : List.of(".github/workflows/review.yml", "Jenkinsfile")) {
                var lines = Files.readAllLines(directory.resolve(file)).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("docker ") || line.endsWith(">.review.yaml"))
                        .collect(Collectors.joining("\n"));
                run(engine, lines, Map.of());
                assertThat(engine.docker("image", "inspect", "--format", "{{len .RootFS.Layers}}", "review-web"))
                        .isEqualTo("3\n");
                engine.docker("rmi", "review-web");
            }
        }
    }

    private void run(SecondEngine engine, String script, Map<String, String> variables) throws Exception {
        var process = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        process.environment().putAll(variables);
        process.environment().putAll(docker(engine.url(), directory.resolve("docker")));
        var running = process.start();
        running.getOutputStream().close();
        var out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).as(script + "\n" + out).isZero();
    }

    private Map<String, String> docker(String engine, Path config) {
        return Map.of(
                "DOCKER_HOST",
                engine,
                "DOCKER_CONFIG",
                config.toString(),
                "PATH",
                server.directory().resolve("dist/usr/bin") + ":" + System.getenv("PATH"));
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
        return maven.run(goal, options, docker(engine, server.directory().resolve("client/config")));
    }
}
