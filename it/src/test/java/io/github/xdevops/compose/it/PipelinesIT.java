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

    private static final Duration GONE = Duration.ofSeconds(60);
    private static final Pattern NAMED = Pattern.compile("(?m)^ +([A-Z_]+) = '(.*)'$");
    private static final Pattern STAGE = Pattern.compile(
            "stage\\('([^']*)'\\) \\{\\s*when \\{.*?expression \\{ (.*?) }\n.*?sh '''(.*?)'''", Pattern.DOTALL);
    private static final String IMAGE = "compose-it/pipelines:1";

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
        server.docker("tag", "compose-it/httpd:1", IMAGE);
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.list().forEach(status -> stacks.down(status.project(), DownOptions.FORCE, Progress.NONE));
            stacks.close();
            server.login("rm -rf " + STATE);
            server.docker("rmi", IMAGE);
        }
    }

    @Test
    void gitlabDeploysReviewsStopsThemWithoutACheckoutAndKeepsStaging() throws IOException {
        assertThat(GitlabRunner.slug("review/feature/login")).isEqualTo("review-feature-lo-h2g9v1");
        assertThat(GitlabRunner.slug("production")).isEqualTo("production");
        var file = written("acme/pipelines-gitlab", "gitlab", ".gitlab-ci.yml");
        assertThat(new Maven(checkout, server)
                        .run("ci", "-Dcompose.output=-", "-Dcompose.environments=demo")
                        .out())
                .contains("review-deploy:", "review-stop:", "staging:", "production:", "demo:");
        var gitlab = new GitlabRunner(file, shell, secrets());

        var branch = gitlab.pipeline("acme/pipelines-gitlab", "feature/login");
        assertThat(branch).extracting(Job::name).containsExactly("review-deploy", "review-stop");
        assertThat(branch).extracting(Job::manual).containsExactly(false, true);
        assertThat(branch).extracting(Job::environment).containsOnly("review/feature/login");
        var deploy = branch.get(0);
        var stop = branch.get(1);
        assertThat(deploy.onStop()).isEqualTo(stop.name());
        assertThat(deploy.url()).isEqualTo("http://review-feature-lo-h2g9v1.pipelines-gitlab." + domain());
        assertThat(stop.hasCheckout()).isFalse();

        assertThat(gitlab.run(deploy)).contains(deploy.url()).doesNotContain("Others can read");
        assertThat(server.get(deploy.url())).contains("first of feature/login");
        var review = environment("acme/pipelines-gitlab", "feature/login").orElseThrow();
        assertThat(review.urls()).containsExactly(deploy.url());
        assertThat(Duration.between(review.now(), review.expires()))
                .isBetween(Duration.ofMinutes(80), Duration.ofMinutes(90));

        var main = gitlab.pipeline("acme/pipelines-gitlab", "main");
        assertThat(main).extracting(Job::name).containsExactly("staging", "production", "demo");
        assertThat(main).extracting(Job::manual).containsExactly(false, true, true);
        var staging = main.get(0);
        assertThat(staging.url()).isEqualTo("http://staging." + domain());
        gitlab.run(staging);
        assertThat(server.get(staging.url())).contains("first of staging");
        assertThat(environment("acme/pipelines-gitlab", "staging").orElseThrow().expires())
                .isNull();
        moveTheTag();
        gitlab.run(main.get(2));
        var tagged = gitlab.pipelineOfTag("acme/pipelines-gitlab", "v1");
        assertThat(tagged).extracting(Job::name).containsExactly("production", "demo");
        assertThat(tagged).extracting(Job::manual).containsOnly(false);
        gitlab.run(tagged.get(0));
        assertRunTheImagesOfStaging("acme/pipelines-gitlab", "production", "demo");

        assertThat(gitlab.run(stop)).contains(review.project() + " is gone");
        assertGone(review);
        assertThat(server.page(staging.url())).isPresent();
        Proof.claim(
                "pipelines: gitlab 5 jobs run as written, 1 of them without a checkout;"
                        + " the review appeared at GitLab's URL and is gone, staging stays; production and demo run its images");
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
                Map.entry("delete", deletion(repository, "tag", "feature/cart")),
                Map.entry("push", push(repository, "refs/heads/feature/cart")));
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

        assertThat(happens(github, events, "push", push(repository, "refs/heads/main")))
                .singleElement()
                .satisfies(ran -> {
                    assertThat(ran.environment()).isEqualTo("staging");
                    assertThat(ran.url()).isEqualTo("http://staging." + domain());
                    assertThat(until(ran.url(), "second of staging")).contains("second of staging");
                });
        moveTheTag();
        assertThat(happens(github, events, "workflow_dispatch", dispatch(repository, "demo")))
                .extracting(GithubRunner.Ran::environment)
                .containsExactly("demo");
        assertRunTheImagesOfStaging(repository, "demo");
        assertThat(happens(github, events, "push", push(repository, "refs/tags/v1")))
                .extracting(GithubRunner.Ran::environment)
                .containsExactly("production", "demo");
        assertRunTheImagesOfStaging(repository, "production", "demo");
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
        assertThat(build(text, variables)).containsExactly("Review");
        var review = environment(repository, "feature/invoice").orElseThrow();
        assertThat(server.get(review.urls().get(0))).contains("first of feature/invoice");
        stacks.extend(review.project(), Lifetime.parse("1s"));
        assertThat(swept(review)).isTrue();
        assertGone(review);

        variables.putAll(Map.of("BRANCH_NAME", "main", "BRANCH_IS_PRIMARY", "true", "PROMOTE_TO", "none"));
        assertThat(build(text, variables)).containsExactly("Staging");
        assertThat(until("http://staging." + domain(), "first of staging")).contains("first of staging");
        moveTheTag();
        variables.put("PROMOTE_TO", "production");
        assertThat(build(text, variables)).containsExactly("Production");
        variables.put("PROMOTE_TO", "none");
        variables.remove("BRANCH_IS_PRIMARY");
        variables.putAll(Map.of("BRANCH_NAME", "v1", "TAG_NAME", "v1"));
        assertThat(build(text, variables)).containsExactly("Production", "Demo");
        assertRunTheImagesOfStaging(repository, "production", "demo");
        Proof.claim("pipelines: jenkins 4 builds run as written, its review is gone when its time is over,"
                + " production and demo run the images of staging");
    }

    /** Runs the stages whose conditions hold; their names. */
    private List<String> build(String text, Map<String, String> variables) throws IOException {
        var ran = new ArrayList<String>();
        for (var stage : STAGE.matcher(text).results().toList()) {
            if (JobCondition.holds(
                    stage.group(2), name -> variables.getOrDefault(name.replaceFirst(".*\\.", ""), ""))) {
                ran.add(stage.group(1));
                shell.run(shell.directory(true), stage.group(3), variables);
            }
        }
        return ran;
    }

    /** The name of the image leads to another one from now on. */
    private void moveTheTag() {
        server.docker("tag", "compose-it/busybox:1", IMAGE);
    }

    private void assertRunTheImagesOfStaging(String repository, String... names) {
        var images = stacks.find(repository, "staging").images();
        assertThat(images).containsOnlyKeys("web");
        for (var name : names) {
            assertThat(stacks.find(repository, name).images()).as(name).isEqualTo(images);
            var status = environment(repository, name).orElseThrow();
            assertThat(status.expires()).isNull();
            assertThat(status.urls()).containsExactly("http://" + name + "." + domain());
            assertThat(until(status.urls().get(0), "of " + name)).contains("of " + name);
        }
    }

    /** Of its own, because staging has the same host name in every repository. */
    private String domain() {
        return "pipelines-it." + server.domain();
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
                                "-Dcompose.domain=" + domain(),
                                "-Dcompose.environments=demo",
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
                    image: compose-it/pipelines:1
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

    private static Map<String, Object> push(String repository, String ref) {
        return Map.of("ref", ref, "repository", about(repository));
    }

    private static Map<String, Object> dispatch(String repository, String environment) {
        return Map.of(
                "ref",
                "refs/heads/main",
                "inputs",
                Map.of("environment", environment),
                "repository",
                about(repository));
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
