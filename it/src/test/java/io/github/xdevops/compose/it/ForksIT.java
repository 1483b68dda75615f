package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines of people whom nobody has let in, and pipelines that would take down too much; no server is called. */
class ForksIT {
    private static final Map<String, String> GITHUB = Map.of(
            "GITHUB_ACTIONS",
            "true",
            "GITHUB_REPOSITORY",
            "acme/shop",
            "GITHUB_HEAD_REF",
            "main",
            "GITHUB_REF_NAME",
            "7/merge");

    @TempDir
    Path directory;

    private Maven maven;
    private String key;

    @BeforeEach
    void writeComposeFile() throws IOException {
        var server = TestServer.required();
        maven = new Maven(directory, server);
        key = server.key();
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: x, ports: ['80']}}\n");
    }

    @Test
    void aRequestOfAForkIsNotDeployedUnlessAllowedAndThenIsNotTheProjectsOwn() throws IOException {
        var variables = new HashMap<>(GITHUB);
        variables.put("GITHUB_EVENT_PATH", event("evil/shop"));
        assertThat(dryRun(variables).error()).contains("POLICY", "a fork (evil/shop)", "compose.allowForks=true");
        var fork = dryRun(variables, "-Dcompose.allowForks=true");
        assertThat(fork.out()).contains("Dry run");
        variables.put("GITHUB_EVENT_PATH", event("acme/shop"));
        var own = dryRun(variables);
        assertThat(own.out()).contains("Dry run", "the project main-vlmdfgi74i3oitzx;");
        assertThat(fork.out())
                .doesNotContain("the project main-vlmdfgi74i3oitzx;")
                .contains("the project main-");
        variables.put("GITHUB_EVENT_PATH", directory.resolve("none").toString());
        assertThat(dryRun(variables).error()).contains("POLICY", "not known");
    }

    /** It runs on the default branch, and workflows check out the request's code. */
    @Test
    void aCommentOnARequestDeploysNothingInTheDefaultBranchsPlace() throws IOException {
        var event = Files.writeString(directory.resolve("event.json"), """
                {"issue": {"number": 12, "pull_request": {"url": "https://api/pulls/12"}},
                 "repository": {"full_name": "acme/shop", "default_branch": "main"}}
                """);
        var variables = Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_EVENT_NAME", "issue_comment",
                "GITHUB_EVENT_PATH", event.toString(),
                "GITHUB_REPOSITORY", "acme/shop",
                "GITHUB_REF_NAME", "main");
        assertThat(dryRun(variables).error())
                .contains("POLICY", "request 12", "compose.branch", "compose.allowForks=true");
        assertThat(dryRun(variables, "-Dcompose.branch=main").error()).contains("POLICY");
        assertThat(dryRun(variables, "-Dcompose.branch=feature/x", "-Dcompose.repository=Acme/shop")
                        .out())
                .contains("Dry run");
        assertThat(dryRun(variables, "-Dcompose.allowForks=true").error())
                .contains("USAGE", "`issue_comment`", "does not tell which branch");
    }

    @Test
    void theDefaultBranchIsTakenDownByForceOnly() {
        var variables = Map.of(
                "GITLAB_CI",
                "true",
                "CI_PROJECT_PATH",
                "acme/shop",
                "CI_DEFAULT_BRANCH",
                "main",
                "CI_COMMIT_REF_NAME",
                "main");
        // Nobody listens there: what is not refused ends with NOHOST.
        assertThat(down(variables).error()).contains("POLICY", "default branch", "compose.force=true");
        assertThat(down(variables, "-Dcompose.project=main-vlmdfgi74i3oitzx").error())
                .contains("POLICY");
        assertThat(down(variables, "-Dcompose.force=true").error()).contains("NOHOST");
        assertThat(down(variables, "-Dcompose.branch=feature/x").error()).contains("NOHOST");
        // A job on the default branch that cleans up for another.
        assertThat(down(variables, "-Dcompose.environment=feature/x").error()).contains("NOHOST");
    }

    private Maven.Outcome down(Map<String, String> variables, String... options) {
        return run("down", variables, "-Dcompose.host=deploy@127.0.0.1:1", options);
    }

    private Maven.Outcome dryRun(Map<String, String> variables, String... options) {
        return run("deploy", variables, "-Dcompose.dryRun=true", options);
    }

    private Maven.Outcome run(String goal, Map<String, String> variables, String option, String... options) {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of(option, "-Dcompose.domain=ci.example.com", "-Dcompose.privateKey=" + key));
        return maven.run(goal, all, variables);
    }

    private String event(String from) throws IOException {
        return Files.writeString(directory.resolve("event.json"), """
                {"repository": {"full_name": "acme/shop", "default_branch": "main"},
                 "pull_request": {"head": {"repo": {"full_name": "%s"}}}}
                """.formatted(from))
                .toString();
    }
}
