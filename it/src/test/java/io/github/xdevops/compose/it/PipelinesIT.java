package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.it.GitlabRunner.Job;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What {@code compose:ci} writes is run as GitLab and GitHub run it: their variables, fresh directories, no checkout to stop. */
@TestMethodOrder(MethodName.class)
class PipelinesIT {
    /** Of its own, because these tests sweep. */
    private static final String STATE = "pipelines-it";

    private static final Duration GONE = Duration.ofSeconds(20);
    private static final Pattern NAMED = Pattern.compile("(?m)^ +([A-Z_]+) = '(.*)'$");
    private static final Pattern STEP = Pattern.compile("sh '''(.*?)'''", Pattern.DOTALL);

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;
    private Path checkout;
    private JobShell shell;

    @BeforeEach
    void checkOut() throws IOException {
        server = TestServer.required();
        stacks = server.stacks(STATE);
        checkout = Files.createDirectory(directory.resolve("checkout"));
        shell = new JobShell(directory.resolve("runner"), checkout);
        commit("first");
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.list().forEach(status -> stacks.down(status.project(), DownOptions.FORCE, Progress.NONE));
            stacks.close();
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void gitlabDeploysReviewsStopsThemWithoutACheckoutAndKeepsStaging() throws IOException {
        assertThat(GitlabRunner.slug("review/feature/login")).isEqualTo("review-feature-lo-h2g9v1");
        assertThat(GitlabRunner.slug("production")).isEqualTo("production");
        var file = written("acme/pipelines-gitlab", "gitlab", ".gitlab-ci.yml");
        assertThat(new Maven(checkout, server).run("ci", "-Dcompose.output=-").out())
                .contains("review-deploy:", "review-stop:", "staging:");
        var gitlab = new GitlabRunner(file, shell, secrets());

        var branch = gitlab.pipeline("acme/pipelines-gitlab", "feature/login");
        assertThat(branch).extracting(Job::name).containsExactly("review-deploy", "review-stop");
        assertThat(branch).extracting(Job::manual).containsExactly(false, true);
        assertThat(branch).extracting(Job::environment).containsOnly("review/feature/login");
        var deploy = branch.get(0);
        var stop = branch.get(1);
        assertThat(deploy.onStop()).isEqualTo(stop.name());
        assertThat(deploy.url()).isEqualTo("http://review-feature-lo-h2g9v1.pipelines-gitlab." + server.domain());
        assertThat(stop.hasCheckout()).isFalse();

        assertThat(gitlab.run(deploy)).contains(deploy.url()).doesNotContain("Others can read");
        assertThat(server.get(deploy.url())).contains("first of feature/login");
        var review = environment("acme/pipelines-gitlab", "feature/login").orElseThrow();
        assertThat(review.urls()).containsExactly(deploy.url());
        assertThat(Duration.between(review.now(), review.expires()))
                .isBetween(Duration.ofMinutes(80), Duration.ofMinutes(90));

        var main = gitlab.pipeline("acme/pipelines-gitlab", "main");
        assertThat(main).extracting(Job::name).containsExactly("staging");
        var staging = main.get(0);
        gitlab.run(staging);
        assertThat(server.get(staging.url())).contains("first of staging");
        assertThat(environment("acme/pipelines-gitlab", "staging").orElseThrow().expires())
                .isNull();

        assertThat(gitlab.run(stop)).contains(review.project() + " is gone");
        assertGone(review);
        assertThat(server.page(staging.url())).isPresent();
        Proof.claim("pipelines: gitlab " + (branch.size() + main.size())
                + " jobs run as written, 1 of them without a checkout;"
                + " the review appeared at GitLab's URL and is gone, staging stays");
    }

    @Test
    void githubDeploysRequestsAndTakesThemDownWhenTheyCloseOrTheirBranchGoes() throws IOException {
        var repository = "acme/pipelines-github";
        var file = written(repository, "github", ".github/workflows/review.yml");
        var github = new GithubRunner(file, shell, settings());

        var events = new ArrayList<String>();
        var opened = happens(github, events, "pull_request", request(repository, "opened", repository));
        assertThat(opened).extracting(GithubRunner.Ran::job).containsExactly("deploy");
        var url = opened.get(0).url();
        assertThat(opened.get(0).environment()).isEqualTo("review/feature/cart");
        assertThat(server.get(url)).contains("first of feature/cart");
        var review = environment(repository, "feature/cart").orElseThrow();
        assertThat(review.urls()).containsExactly(url);

        commit("second");
        assertThat(happens(github, events, "pull_request", request(repository, "synchronize", repository)))
                .extracting(GithubRunner.Ran::url)
                .containsExactly(url);
        assertThat(until(url, "second of feature/cart")).contains("second of feature/cart");

        var idle = List.of(
                Map.entry("pull_request", request(repository, "labeled", repository)),
                Map.entry("pull_request", request(repository, "opened", "mallory/pipelines-github")),
                Map.entry("pull_request", request(repository, "closed", "mallory/pipelines-github")),
                Map.entry("delete", deletion(repository, "branch", "main")),
                Map.entry("delete", deletion(repository, "tag", "feature/cart")));
        for (var event : idle) {
            assertThat(github.happens(event.getKey(), event.getValue()))
                    .as(event.toString())
                    .isEmpty();
        }

        assertThat(happens(github, events, "pull_request", request(repository, "closed", repository)))
                .singleElement()
                .satisfies(ran -> assertThat(ran.out()).contains(review.project() + " is gone"));
        assertGone(review);

        happens(github, events, "pull_request", request(repository, "reopened", repository));
        assertThat(server.get(url)).contains("second of feature/cart");
        assertThat(happens(github, events, "delete", deletion(repository, "branch", "feature/cart")))
                .singleElement()
                .satisfies(ran -> assertThat(ran.out()).contains(review.project() + " is gone"));
        assertGone(review);
        Proof.claim("pipelines: github " + events.size() + " events run as written (" + String.join(", ", events)
                + "), " + idle.size() + " events that must change nothing ran nothing");
    }

    @Test
    void jenkinsDeploysABranchThatItsLifetimeEnds() throws IOException {
        var repository = "acme/pipelines-jenkins";
        var text = Files.readString(written(repository, "jenkins", "Jenkinsfile"));
        var variables = new TreeMap<>(secrets());
        variables.putAll(Map.of(
                "JENKINS_URL", "https://jenkins.example/",
                "BRANCH_NAME", "feature/invoice",
                "GIT_URL", "git@git.example:" + repository + ".git",
                "GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567",
                "BUILD_URL", "https://jenkins.example/job/shop/job/feature%2Finvoice/1/"));
        NAMED.matcher(text).results().forEach(named -> variables.put(named.group(1), named.group(2)));
        var steps = STEP.matcher(text).results().toList();
        for (var step : steps) {
            shell.run(shell.directory(true), step.group(1), variables);
        }
        var review = environment(repository, "feature/invoice").orElseThrow();
        assertThat(server.get(review.urls().get(0))).contains("first of feature/invoice");
        stacks.extend(review.project(), Lifetime.parse("1s"));
        assertThat(swept(review)).isTrue();
        assertGone(review);
        Proof.claim("pipelines: jenkins " + steps.size()
                + " step run as written, its review is gone when its time is over");
    }

    private boolean swept(StackStatus review) {
        var end = System.nanoTime() + GONE.toNanos();
        while (System.nanoTime() < end) {
            stacks.sweep(Progress.NONE);
            if (server.remains(review.project()).isEmpty()) {
                return true;
            }
            TestServer.pause(200);
        }
        return false;
    }

    private static List<GithubRunner.Ran> happens(
            GithubRunner github, List<String> events, String name, Map<String, ?> event) throws IOException {
        events.add(String.valueOf(event.containsKey("action") ? event.get("action") : name));
        return github.happens(name, event);
    }

    /** What compose:ci writes into the checkout of a repository. */
    private Path written(String repository, String kind, String file) throws IOException {
        var git = "git init -q . && git remote add origin git@" + kind + ".example:" + repository + ".git";
        shell.run(checkout, git, Map.of());
        var outcome = new Maven(checkout, server)
                .run(
                        "ci",
                        List.of(
                                "-Dcompose.host=" + server.address(),
                                "-Dcompose.domain=" + server.domain(),
                                "-Dcompose.lifetime=90m",
                                "-Dcompose.stateDirectory=" + STATE),
                        Map.of());
        assertThat(outcome.exit()).as(outcome.out()).isZero();
        return checkout.resolve(file);
    }

    private void commit(String text) throws IOException {
        Files.writeString(checkout.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "mkdir -p /tmp/w && echo \\"%s of $COMPOSE_ENVIRONMENT\\" > /tmp/w/index.html && exec httpd -f -p 80 -h /tmp/w"]
                    ports: ["80"]
                    volumes: ["data:/data"]
                volumes:
                  data:
                """.formatted(text));
    }

    /** As files, which is what GitLab makes of variables of the type File. */
    private Map<String, String> secrets() throws IOException {
        return Map.of(
                "COMPOSE_SSH_KEY",
                shell.file("COMPOSE_SSH_KEY", Files.readString(Path.of(server.key())))
                        .toString(),
                "COMPOSE_KNOWN_HOSTS",
                shell.file("COMPOSE_KNOWN_HOSTS", Files.readString(Path.of(server.knownHosts())))
                        .toString());
    }

    /** As text, which is what GitHub has. */
    private Map<String, Object> settings() throws IOException {
        return Map.of(
                "secrets", Map.of("COMPOSE_SSH_KEY", Files.readString(Path.of(server.key()))),
                "vars", Map.of("COMPOSE_KNOWN_HOSTS", Files.readString(Path.of(server.knownHosts()))));
    }

    private static Map<String, Object> request(String repository, String action, String from) {
        var head = Map.of("ref", "feature/cart", "repo", Map.of("full_name", from));
        return Map.of(
                "action", action, "number", 7, "pull_request", Map.of("head", head), "repository", about(repository));
    }

    private static Map<String, Object> deletion(String repository, String type, String name) {
        return Map.of("ref", name, "ref_type", type, "repository", about(repository));
    }

    private static Map<String, Object> about(String repository) {
        return Map.of("full_name", repository, "default_branch", "main");
    }

    private Optional<StackStatus> environment(String repository, String name) {
        return stacks.list().stream()
                .filter(status -> repository.equals(status.repository()) && name.equals(status.environment()))
                .findFirst();
    }

    private String until(String url, String text) {
        var end = System.nanoTime() + GONE.toNanos();
        while (true) {
            var page = server.page(url).orElse("");
            if (page.contains(text) || System.nanoTime() > end) {
                return page;
            }
            TestServer.pause(100);
        }
    }

    /** No page, container, network, volume or record. */
    private void assertGone(StackStatus status) throws IOException {
        var url = status.urls().get(0);
        var end = System.nanoTime() + GONE.toNanos();
        while (server.page(url).isPresent() && System.nanoTime() < end) {
            TestServer.pause(100);
        }
        assertThat(server.page(url)).isEmpty();
        assertThat(server.remains(status.project())).isEmpty();
        assertThat(stacks.list()).extracting(StackStatus::project).doesNotContain(status.project());
        try (Stream<Path> records = Files.list(server.home().resolve(STATE))) {
            var names = records.map(record -> record.getFileName().toString()).collect(Collectors.toSet());
            assertThat(names).doesNotContain(status.project());
        }
    }
}
