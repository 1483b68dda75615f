package io.github.xdevops.compose.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The goals in a real Maven, as people and pipelines call them. */
class MavenGoalsIT {
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                ports: ["80"]
            """;

    /** Because others sweep, too. */
    private static final String OWN_STATE = "-Dcompose.stateDirectory=state-goals";

    @TempDir
    Path directory;

    private TestServer server;
    private Maven maven;

    @BeforeEach
    void writeComposeFile() throws IOException {
        server = TestServer.required();
        maven = new Maven(directory, server);
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    }

    @AfterEach
    void takeDown() {
        if (maven != null) {
            server.remove("goals-it", Stacks.STATE_DIRECTORY);
            server.remove("goals-it", "state-goals");
            server.login("rm -rf state-goals");
        }
    }

    @Test
    void theWholeLifeOfAnEnvironmentWithoutAPom() throws IOException {
        var deploy = maven.run("deploy", OWN_STATE, "-Dcompose.project=goals-it", "-Dcompose.branch=feature/goals");
        assertThat(deploy.exit()).as(deploy.out()).isZero();
        var url = "http://goals-it." + server.domain();
        assertThat(deploy.out()).contains(url, "expires ", "» up", "render ");
        assertThat(server.get(url)).isNotEmpty();
        var report = (Map<?, ?>)
                requireNonNull(Json.parse(Files.readString(directory.resolve("target/compose/deployment.json"))));
        assertThat(report.get("url")).isEqualTo(url);
        assertThat(report.get("branch")).isEqualTo("feature/goals");

        assertThat(maven.run("list", OWN_STATE).out()).contains("PROJECT", "goals-it", url, "running", "feature/goals");
        var file = directory.resolve("list.json");
        maven.run("list", OWN_STATE, "-Dcompose.format=json", "-Dcompose.output=" + file);
        assertThat((List<?>) Json.parse(Files.readString(file)))
                .anySatisfy(
                        stack -> assertThat(((Map<?, ?>) stack).get("project")).isEqualTo("goals-it"));

        assertThat(maven.run("extend", OWN_STATE, "-Dcompose.project=goals-it", "-Dcompose.lifetime=1s")
                        .out())
                .contains("goals-it expires");
        TestServer.pause(1100);
        assertThat(maven.run("sweep", OWN_STATE).out()).contains("goals-it has expired and is gone");
        assertThat(server.remains("goals-it")).isEmpty();
        assertThat(maven.run("down", OWN_STATE, "-Dcompose.project=goals-it").out())
                .contains("goals-it was not there");
    }

    @Test
    void thePipelinesVariablesNameEnvironmentKeyAndHostKeys() throws IOException {
        var variables = Map.of(
                "GITLAB_CI", "true",
                "CI_PROJECT_PATH", "acme/goals",
                "CI_COMMIT_REF_NAME", "feature/ci",
                "CI_PIPELINE_IID", "5",
                "COMPOSE_SSH_KEY", Files.readString(Path.of(server.key())),
                "COMPOSE_KNOWN_HOSTS", Files.readString(Path.of(server.knownHosts())));
        var host = List.of("-Dcompose.host=" + server.address(), "-Dcompose.domain=" + server.domain());
        var deploy = maven.run("deploy", host, variables);
        assertThat(deploy.exit()).as(deploy.out()).isZero();
        assertThat(deploy.out()).contains("Deploying feature/ci of acme/goals");
        // The stop job has neither checkout nor compose file.
        Files.delete(directory.resolve("compose.yaml"));
        var down = maven.run("down", host, variables);
        assertThat(down.out()).contains("is gone");
    }

    @Test
    void laterPhasesOfTheBuildAndLaterStepsOfThePipelineGetTheUrl() throws IOException {
        Files.writeString(directory.resolve("pom.xml"), Maven.pom("", """
                <execution>
                  <id>review</id>
                  <phase>validate</phase>
                  <goals><goal>deploy</goal></goals>
                </execution>
                <execution>
                  <id>look</id>
                  <phase>initialize</phase>
                  <goals><goal>whoami</goal></goals>
                  <configuration><url>${compose.deployed.url}</url></configuration>
                </execution>
                """));
        var output = directory.resolve("output");
        var build = maven.call(
                "initialize",
                maven.toServer("-Dcompose.project=goals-it"),
                Map.of(
                        "GITHUB_ACTIONS", "true",
                        "GITHUB_REPOSITORY", "acme/shop",
                        "GITHUB_REF_NAME", "feature/x",
                        "GITHUB_OUTPUT", output.toString()));
        assertThat(build.exit()).as(build.out()).isZero();
        var url = "http://goals-it." + server.domain();
        assertThat(build.out()).contains("\n::group::compose:deploy\n", "\n::endgroup::\n");
        assertThat(build.out().lines()).anyMatch(line -> line.matches("url +" + url));
        assertThat(output).content().contains("project=goals-it\nurl=" + url + "\nexpires=");
    }

    @Test
    void aUrlThatDoesNotAnswerAsItShouldFailsTheBuildAndSaysWhy() throws IOException {
        var wrongPort = maven.run(
                "deploy",
                "-Dcompose.project=goals-it",
                "-Dcompose.branch=x",
                "-Dcompose.routes=web:81",
                "-Dcompose.urlCheck=3s");
        assertThat(wrongPort.exit()).isNotZero();
        assertThat(wrongPort.error())
                .contains("UNHEALTHY: It is deployed, but http://goals-it." + server.domain())
                .contains("cannot reach the service web on port 81 after 3 s. Does web listen there");
        assertThat(directory.resolve("target/compose/deployment.json")).exists();
        // Whoever starts the job again gets the same answer, although there is nothing left to deploy.
        var again = maven.run(
                "deploy",
                "-Dcompose.project=goals-it",
                "-Dcompose.branch=x",
                "-Dcompose.routes=web:81",
                "-Dcompose.readyTimeout=4s");
        assertThat(again.error()).contains("UNHEALTHY: It is deployed, but", "on port 81 after 4 s");
        var notFound = maven.run(
                "deploy",
                "-Dcompose.project=goals-it",
                "-Dcompose.branch=x",
                "-Dcompose.urlCheck=/no-such-page 200 3s");
        assertThat(notFound.error()).contains("/no-such-page answers 404 and not 200");
        var well = maven.run(
                "deploy",
                "-Dcompose.project=goals-it",
                "-Dcompose.branch=x",
                "-Dcompose.urlCheck=/no-such-page 404 3s");
        assertThat(well.exit()).as(well.out()).isZero();
    }

    @Test
    void commandsRunAfterADeployAndPeopleHearHowItEnded() throws IOException {
        var heard = new ConcurrentLinkedQueue<String>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        var variables = Map.of(
                "COMPOSE_WEBHOOK", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        try {
            var well = maven.run("deploy", after("web: echo migrated, done\nweb: echo again"), variables);
            assertThat(well.exit()).as(well.out()).isZero();
            assertThat(well.out()).contains("» post-deploy in web", "  | migrated, done", "  | again");
            assertThat(heard).singleElement().asString().contains("x of ", " is deployed: http://goals-it.");
            heard.clear();
            var failed = maven.run("deploy", after("web: echo oh >&2; exit 3"), variables);
            assertThat(failed.error())
                    .contains("UNHEALTHY: It is deployed, but the post-deploy command in web", "status 3");
            assertThat(failed.out()).contains("  | oh");
            assertThat(heard).singleElement().asString().contains("The deploy of x of ", "failed: It is deployed, but");
            heard.clear();
            for (var broken : List.of("-Dcompose.promote=nothing-of-that-name", "-Dcompose.files=no-such-file.yaml")) {
                var options = new ArrayList<>(after("web: true"));
                options.add(broken);
                assertThat(maven.run("deploy", options, variables).exit()).isNotZero();
                assertThat(heard.poll()).as(broken).contains("The deploy of x of ", " failed: ");
            }
            assertThat(maven.run("down", after("web: true"), variables).exit()).isZero();
            assertThat(heard).singleElement().asString().contains("x of ", " is gone (goals-it)");
        } finally {
            receiver.stop(0);
        }
    }

    /** An API that knows one comment at most. */
    @Test
    void theMergeRequestTellsWhereTheEnvironmentIsAndThatItIsGone() throws IOException {
        var comment = new AtomicReference<>("[]");
        var heard = new ConcurrentLinkedQueue<String>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var said = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!said.isEmpty()) {
                heard.add(exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getPath() + " " + said);
                comment.set("[{\"id\":5," + said.substring(1) + "]");
            }
            var answer = comment.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        receiver.start();
        var variables = Map.of(
                "GITLAB_CI", "true",
                "CI_API_V4_URL", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/api/v4",
                "CI_PROJECT_ID", "42",
                "CI_MERGE_REQUEST_IID", "7",
                "COMPOSE_GITLAB_TOKEN", "a-token-for-tests");
        var goal = maven.toServer("-Dcompose.branch=x", "-Dcompose.project=goals-it");
        try {
            var deploy = maven.run("deploy", goal, variables);
            assertThat(deploy.exit()).as(deploy.out()).isZero();
            assertThat(maven.run("down", goal, variables).exit()).isZero();
        } finally {
            receiver.stop(0);
        }
        assertThat(heard).hasSize(2);
        assertThat(heard.poll())
                .startsWith("POST /api/v4/projects/42/merge_requests/7/notes {\"body\":\"<!-- compose:goals-it -->")
                .contains("http://goals-it." + server.domain());
        assertThat(heard.poll())
                .startsWith("PUT /api/v4/projects/42/merge_requests/7/notes/5 {\"body\":\"<!-- compose:goals-it -->")
                .contains("is gone");
    }

    private List<String> after(String postDeploy) {
        return maven.toServer("-Dcompose.branch=x", "-Dcompose.project=goals-it", "-Dcompose.postDeploy=" + postDeploy);
    }

    @Test
    void theKeyMayComeFromSettingsXml() throws IOException {
        var settings = Files.writeString(directory.resolve("settings.xml"), """
                <settings><servers><server><id>review</id><username>%s</username><privateKey>%s</privateKey></server></servers></settings>
                """.formatted(
                        server.address().replaceAll("@.*", ""), server.key()));
        var list = maven.run(
                "list",
                List.of(
                        "-s",
                        settings.toString(),
                        "-Dcompose.serverId=review",
                        "-Dcompose.host=" + server.address().replaceAll(".*@", ""),
                        "-Dcompose.knownHosts=" + server.knownHosts()),
                Map.of());
        assertThat(list.exit()).as(list.out()).isZero();
        assertThat(list.out()).contains("PROJECT");
    }

    @Test
    void thePassphraseMayBeEncryptedInSettingsXml() throws Exception {
        var key = Files.copy(Path.of(server.key()), directory.resolve("key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(new ProcessBuilder("ssh-keygen", "-q", "-p", "-f", key.toString(), "-N", "open, sesame")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        var security = directory.resolve("settings-security.xml");
        var master = cipher(List.of("--encrypt-master-password", "of the master"));
        Files.writeString(security, "<settingsSecurity><master>" + master + "</master></settingsSecurity>");
        var passphrase = cipher(List.of("-Dsettings.security=" + security, "--encrypt-password", "open, sesame"));
        var settings = Files.writeString(directory.resolve("settings.xml"), """
                <settings><servers><server><id>review</id><username>%s</username><privateKey>%s</privateKey>
                <passphrase>%s</passphrase></server></servers></settings>
                """.formatted(
                        server.address().replaceAll("@.*", ""), key, passphrase));
        var options = List.of(
                "-s",
                settings.toString(),
                "-Dcompose.serverId=review",
                "-Dcompose.host=" + server.address().replaceAll(".*@", ""),
                "-Dcompose.knownHosts=" + server.knownHosts());
        var withMaster = new ArrayList<>(options);
        withMaster.add("-Dsettings.security=" + security);
        var list = maven.run("list", withMaster, Map.of());
        assertThat(list.exit()).as(list.out()).isZero();
        assertThat(list.out()).contains("PROJECT").doesNotContain("sesame");

        Files.delete(security);
        assertThat(maven.run("list", withMaster, Map.of()).error())
                .contains("`review` in settings.xml cannot be decrypted");
    }

    /** What Maven prints may have colours around it. */
    private String cipher(List<String> words) {
        var said = Pattern.compile("\\{[A-Za-z0-9+/=]+}")
                .matcher(maven.call("-q", words, Map.of()).out());
        assertThat(said.find()).isTrue();
        return said.group();
    }

    @Test
    void whatWasReviewedIsPromoted() throws IOException {
        var repository = "-Dcompose.repository=acme/goals";
        var review = "-Dcompose.branch=feature/promoted";
        var staging = "-Dcompose.environment=staging";
        server.docker("tag", "compose-it/httpd:1", "compose-it/goals:1");
        try {
            Files.writeString(directory.resolve("compose.yaml"), COMPOSE.replace("httpd", "goals"));
            var reviewed = maven.run("deploy", OWN_STATE, repository, review);
            assertThat(reviewed.exit()).as(reviewed.out()).isZero();
            var first = deployedImages();
            // Its name means something else by now.
            server.docker("tag", "compose-it/busybox:1", "compose-it/goals:1");
            var promoted = maven.run(
                    "deploy",
                    OWN_STATE,
                    repository,
                    staging,
                    "-Dcompose.promote=feature/promoted",
                    "-Dcompose.lifetime=forever");
            assertThat(promoted.exit()).as(promoted.out()).isZero();
            assertThat(promoted.out()).contains("Promoting the images of ", "Deploying staging of acme/goals");
            assertThat(deployedImages()).isEqualTo(first);
            assertThat(maven.run("list", OWN_STATE).out()).contains("feature/promoted", "staging");
        } finally {
            maven.run("down", OWN_STATE, repository, review);
            maven.run("down", OWN_STATE, repository, staging, "-Dcompose.force=true");
            server.docker("rmi", "compose-it/goals:1");
        }
    }

    /** Of the containers of what was deployed last. */
    private String deployedImages() throws IOException {
        var report = (Map<?, ?>)
                requireNonNull(Json.parse(Files.readString(directory.resolve("target/compose/deployment.json"))));
        var containers = server.containers(String.valueOf(report.get("project")));
        assertThat(containers).hasSize(1);
        return server.docker(
                "inspect", "--format", "{{.Image}}", containers.iterator().next());
    }

    @Test
    void theMachineItselfIsAServerToo() {
        var docker = Path.of(System.getenv("COMPOSE_IT_DOCKER")).getParent();
        var variables = Map.of("PATH", docker + ":" + System.getenv("PATH"));
        var options = List.of(
                "-Dcompose.host=local",
                "-Dcompose.stateDirectory=" + directory.resolve("state"),
                "-Dcompose.domain=" + server.domain(),
                "-Dcompose.project=local-it");
        try {
            var deploy = maven.run("deploy", options, variables);
            assertThat(deploy.exit()).as(deploy.out()).isZero();
            assertThat(server.get("http://local-it." + server.domain())).isNotEmpty();
        } finally {
            maven.run("down", options, variables);
        }
        assertThat(server.remains("local-it")).isEmpty();
    }

    @Test
    void renderNeedsNoServer() throws IOException {
        var file = directory.resolve("out.yaml");
        var render = maven.run(
                "render",
                List.of("-Dcompose.domain=ci.example.com", "-Dcompose.branch=main", "-Dcompose.output=" + file),
                Map.of());
        assertThat(render.exit()).as(render.out()).isZero();
        assertThat(Files.readString(file))
                .contains("traefik.enable", "restart: \"no\"")
                .doesNotContain("ports:");
    }

    @Test
    void aDryRunShowsTheFileAndChangesNothing() {
        var outcome = maven.run(
                "deploy",
                "-Dcompose.project=goals-it",
                "-Dcompose.branch=x",
                "-Dcompose.dryRun=true",
                "-Dcompose.evict=true");
        assertThat(outcome.out()).contains("traefik.enable", "Dry run: nothing is deployed", "the project goals-it");
        assertThat(server.remains("goals-it")).isEmpty();
    }

    @Test
    void anInterruptedMavenTellsWhatContinues() throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE + """
                    healthcheck:
                      test: ["CMD", "true"]
                      interval: 3s
                """);
        var options = maven.toServer(OWN_STATE, "-Dcompose.project=goals-it", "-Dcompose.branch=ended");
        var process = maven.begin(Maven.goal("deploy"), options, Map.of());
        try (var out = process.inputReader()) {
            for (var line = out.readLine(); !line.contains("» ready"); line = out.readLine()) {}
            process.toHandle().destroy(); // which leaves its output open
            assertThat(out.lines())
                    .anyMatch(line -> line.contains("UNKNOWN: Maven was ended while goals-it was deployed")
                            && line.contains("compose:status -Dcompose.project=goals-it"));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        // Another deploy waits for what goes on, and finds it done.
        assertThat(maven.run("deploy", OWN_STATE, "-Dcompose.project=goals-it", "-Dcompose.branch=ended")
                        .out())
                .contains("unchanged, lease renewed");
    }

    @Test
    void withQuietTheResultIsAllThatStandardOutputHas() {
        var github = Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_REPOSITORY", "acme/shop",
                "GITHUB_REF_NAME", "feature/x");
        var to = maven.toServer("-q", OWN_STATE, "-Dcompose.project=goals-it");
        assertThat(maven.run("deploy", to, github).out()).isEqualTo("http://goals-it." + server.domain() + "\n");
        assertThat(maven.run(
                                "deploy",
                                maven.toServer("-q", "-Dcompose.project=goals-it", "-Dcompose.dryRun=true"),
                                github)
                        .out())
                .startsWith("services:\n")
                .doesNotContain("Dry run");
        var extended = maven.run(
                "extend",
                maven.toServer("-q", OWN_STATE, "-Dcompose.project=goals-it", "-Dcompose.lifetime=1s"),
                github);
        assertThat(extended.out()).startsWith("goals-it expires 20").hasLineCount(1);
        TestServer.pause(1100);
        assertThat(maven.run("sweep", maven.toServer("-q", OWN_STATE), github).out())
                .isEqualTo("goals-it has expired and is gone\n1 removed, 0 problems\n");
        assertThat(maven.run("down", to, github).out()).isEqualTo("goals-it was not there\n");
    }

    @Test
    void aSkippedGoalDoesNothing() {
        assertThat(maven.run("deploy", List.of("-Dcompose.skip=true"), Map.of()).out())
                .contains("nothing to do");
    }
}
