package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.ServiceStatus;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of an environment on a real server, through the library. */
class DeployIT {
    @RegisterExtension
    private final Deployments here = Deployments.recordedIn("state-deploy");

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();
    private final Path directory = here.directory();

    @Test
    void aBranchIsServedAtItsOwnUrlAndNothingIsLeftAfterDown() throws IOException {
        var stack = stack("feature/login", page("hello from login"), "7d");
        var deployed = here.deploy(stack);
        assertThat(deployed.changed()).isTrue();
        assertThat(server.get(deployed.urls().get(0))).contains("hello from login");
        assertThat(stacks.down(stack.project(), Progress.NONE)).isTrue();
        assertThat(server.remains(stack.project())).isEmpty();
        assertThat(stacks.list()).extracting(StackStatus::project).doesNotContain(stack.project());
        assertThat(stacks.down(stack.project(), Progress.NONE)).isFalse();
    }

    @Test
    void aRedeployOfTheSameRecreatesNothingAndRenewsTheLease() throws IOException {
        var stack = stack("feature/same", page("same"), "7d");
        var first = here.deploy(stack);
        var containers = server.containers(stack.project());
        TestServer.pause(1100);
        var second = here.deploy(stack);
        assertThat(second.changed()).isFalse();
        assertThat(server.containers(stack.project())).isEqualTo(containers);
        assertThat(second.expires()).isAfter(first.expires());
        assertThat(second.generation()).isEqualTo(2);
    }

    /** Compose says a line of each container, so where it says nothing it was not asked. */
    @Test
    void composeIsAskedWheneverSomethingIsNotAsTheLastDeployLeftIt() throws IOException {
        server.docker("tag", "compose-it/httpd:1", "compose-it/moving:1");
        try {
            var stack =
                    stack("feature/stands", page("stands").replace("compose-it/httpd:1", "compose-it/moving:1"), "7d");
            var web = stack.project() + "-web-1";
            here.deploy(stack);
            assertThat(saidAgain(stack)).noneMatch(line -> line.contains("Container"));
            server.docker("network", "disconnect", stack.project() + "_default", web);
            assertThat(saidAgain(stack)).anyMatch(line -> line.contains("Container " + web));
            server.docker("stop", "-t", "0", web);
            assertThat(saidAgain(stack)).anyMatch(line -> line.contains("Container " + web));
            assertThat(saidAgain(stack)).noneMatch(line -> line.contains("Container"));
            var before = server.containers(stack.project());
            server.docker("tag", "compose-it/busybox:1", "compose-it/moving:1");
            saidAgain(stack);
            assertThat(server.containers(stack.project()))
                    .as("the name means another image")
                    .isNotEqualTo(before);
        } finally {
            server.docker("rmi", "compose-it/moving:1");
        }
    }

    private List<String> saidAgain(Stack stack) {
        var said = new ArrayList<String>();
        stacks.deploy(stack, new Heard(said));
        return said;
    }

    @Test
    void branchesThatDifferOnlyInPunctuationOrCaseAreDifferentEnvironments() throws IOException {
        var urls = new ArrayList<String>();
        for (var branch : List.of("feature/x", "feature-x", "Feature/X")) {
            var deployed = stacks.deploy(stack(branch, page("this is " + branch), "1h"), Progress.NONE);
            urls.add(deployed.urls().get(0));
        }
        assertThat(urls).doesNotHaveDuplicates();
        assertThat(server.get(urls.get(0))).contains("this is feature/x");
        assertThat(server.get(urls.get(1))).contains("this is feature-x");
        assertThat(server.get(urls.get(2))).contains("this is Feature/X");
    }

    @Test
    void whatHasExpiredIsSweptAndWhatHasNotStays() throws IOException {
        var old = stack("feature/old", page("old"), "7d");
        var young = stack("feature/young", page("young"), "7d");
        here.deploy(old);
        here.deploy(young);
        stacks.extend(old.project(), Lifetime.parse("1s"));
        TestServer.pause(1100);
        assertThat(stacks.list())
                .filteredOn(status -> status.project().equals(old.project()))
                .extracting(StackStatus::state)
                .containsExactly(State.EXPIRED);
        assertThat(stacks.sweep(Progress.NONE).removed())
                .contains(old.project())
                .doesNotContain(young.project());
        assertThat(server.remains(old.project())).isEmpty();
        assertThat(server.remains(young.project())).isNotEmpty();
    }

    @Test
    void theListTellsOwnerBranchStateAndTimeLeft() throws IOException {
        var stack = stack("feature/listed", page("listed"), "7d");
        here.deploy(stack);
        var status = stacks.list().stream()
                .filter(candidate -> candidate.project().equals(stack.project()))
                .findFirst()
                .orElseThrow();
        assertThat(status.state()).isEqualTo(State.RUNNING);
        assertThat(status.repository()).isEqualTo("acme/it");
        assertThat(status.environment()).isEqualTo("feature/listed");
        assertThat(status.urls()).containsExactly(stack.endpoints().get(0).url());
        assertThat(Duration.between(status.now(), status.expires())).isBetween(Duration.ofDays(6), Duration.ofDays(7));
        assertThat(status.running()).isEqualTo(1);
    }

    @Test
    void aDeployThatFailsSaysWhyAndKeepsThePreviousVersion() throws IOException {
        var good = stack("feature/broken", page("good"), "7d");
        var url = here.deploy(good).urls().get(0);
        var broken = stack("feature/broken", crash(), "7d");
        var log = new ArrayList<String>();
        assertThatThrownBy(() -> stacks.deploy(broken, new Heard(log)))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNHEALTHY))
                .hasMessageContainingAll("service web", "Exited (3)", "previous version is up again");
        assertThat(log).contains("no database");
        assertThat(server.get(url)).contains("good");
    }

    @Test
    void aProjectsOwnOverlayAndOneThatItReplacesReachTheServer() throws IOException {
        var own = Files.createDirectory(directory.resolve("own"));
        Files.writeString(own.resolve("team.ftl"), "services: {web: {labels: {team: [=environment.name]}}}\n");
        Files.writeString(own.resolve("noindex.ftl"), """
                services:
                  web:
                    labels:
                      [="traefik.http.middlewares.[=routed.web[0].router]__noindex.headers.customresponseheaders.X-Own"]: "yes"
                """);
        var stack = here.render(here.compose("feature/overlay", page("overlaid"))
                .templates(List.of(own))
                .overlays(List.of("team", "noindex")));
        var url = here.deploy(stack).urls().get(0);
        assertThat(server.docker("inspect", "--format", "{{json .Config.Labels}}", stack.project() + "-web-1"))
                .contains("\"team\":\"feature/overlay\"", "X-Own")
                .doesNotContain("X-Robots-Tag");
        assertThat(server.get(url)).contains("overlaid");
    }

    @Test
    void visitorsAreAskedForAPassword() throws IOException {
        var stack = here.render(here.compose("feature/private", page("private"))
                .overlays(List.of("basicauth", "noindex"))
                .basicAuth("ann:open sesame"));
        var url = here.deploy(stack).urls().get(0);
        assertThat(server.get(url, "ann:open sesame")).contains("private");
        assertThat(server.status(url)).isEqualTo(401);
    }

    @Test
    void aStackThatStaysHasAHomeWhereDockerComposeWorks() {
        var compose = """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo staging > /data/index.html && exec httpd -f -p 80 -h /data"]
                    ports: ["80"]
                    volumes: ["./data:/data"]
                    networks: [default, edge]
                    labels: {io.yourlabs.compose.mkdir: "./dump,./data,./log/postgres:4711:4712:0750,"}
                networks:
                  edge: {name: it-edge, external: true}
                """;
        var login = server.login("pwd");
        removeAsRoot(login, "staging-it");
        var stack = here.render(here.compose(Environment.of("it", "staging"), compose)
                .lifetime(Lifetime.FOREVER)
                .home(login + "/staging-it"));
        assertThat(stack.project()).isEqualTo("staging-it");
        var deployed = here.deploy(stack);
        assertThat(deployed.expires()).isNull();
        assertThat(server.get(deployed.urls().get(0))).contains("staging");
        assertThat(server.login("cd staging-it && docker compose ps --services"))
                .isEqualTo("web");
        assertThat(server.login("cd staging-it && stat -c %u:%g:%a dump data log/postgres"))
                .isEqualTo("4711:4712:750\n4711:4712:750\n4711:4712:750");
        assertThat(stacks.sweep(Progress.NONE).removed()).doesNotContain(stack.project());
        assertThatThrownBy(() -> stacks.down(stack.project(), Progress.NONE))
                .hasMessageContaining("compose.force=true");
        stacks.down(stack.project(), DownOptions.FORCE, Progress.NONE);
        assertThat(server.login("ls staging-it")).isEqualTo("data\ndump\nlog");
        assertThat(server.docker("network", "rm", "it-edge")).contains("it-edge");
        removeAsRoot(login, "staging-it");
        assertThat(server.remains(stack.project())).isEmpty();
    }

    @Test
    void whatIsPromotedIsWhatWasReviewedWhateverItsNameMeansByNow() throws IOException {
        var compose = page("reviewed").replace("compose-it/httpd:1", "compose-it/promoted:1");
        server.docker("tag", "compose-it/httpd:1", "compose-it/promoted:1");
        try {
            var review = stack("feature/promoted", compose, "7d");
            here.deploy(review);
            server.docker("tag", "compose-it/busybox:1", "compose-it/promoted:1");
            var reviewed = stacks.inspect(review.project());
            var staging = here.render(builder("staging", compose, "7d").promote(reviewed.images()));
            var deployed = here.deploy(staging);
            assertThat(stacks.inspect(staging.project()).services())
                    .extracting(ServiceStatus::imageId)
                    .containsExactly(reviewed.services().get(0).imageId());
            assertThat(server.get(deployed.urls().get(0))).contains("reviewed");
            var more =
                    compose.replace("volumes:\n  data:", "  worker: {image: compose-it/busybox:1}\nvolumes:\n  data:");
            assertThatThrownBy(() -> builder("staging", more, "7d")
                            .promote(reviewed.images())
                            .render())
                    .isInstanceOf(ComposeException.class)
                    .hasMessageContaining("services.worker has no image to promote");
        } finally {
            server.docker("rmi", "compose-it/promoted:1");
        }
    }

    private void removeAsRoot(String directory, String name) {
        server.docker("run", "--rm", "-v", directory + ":/here", "compose-it/busybox:1", "rm", "-rf", "/here/" + name);
    }

    private Stack stack(String branch, String compose, String lifetime) {
        return here.render(builder(branch, compose, lifetime));
    }

    private StackBuilder builder(String branch, String compose, String lifetime) {
        return here.compose(branch, compose).lifetime(Lifetime.parse(lifetime));
    }

    private static String page(String text) {
        return """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "mkdir -p /tmp/w && echo '%s' > /tmp/w/index.html && exec httpd -f -p 80 -h /tmp/w"]
                    ports: ["80"]
                    volumes: ["data:/data"]
                volumes:
                  data:
                """.formatted(text);
    }

    private static String crash() {
        return """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo no database >&2; exit 3"]
                    ports: ["80"]
                """;
    }

    private record Heard(List<String> lines) implements Progress {
        @Override
        public void phase(String name) {
            lines.add("phase " + name);
        }

        @Override
        public void line(String text) {
            lines.add(text);
        }
    }
}
