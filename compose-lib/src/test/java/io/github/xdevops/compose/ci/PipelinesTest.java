package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelinesTest {
    @Test
    void aBranchPipelineOfGitlab() {
        var source = Pipelines.detect(Map.of(
                        "GITLAB_CI", "true",
                        "CI_PROJECT_PATH", "acme/shop",
                        "CI_COMMIT_REF_NAME", "feature/login",
                        "CI_COMMIT_SHA", "abc",
                        "CI_PIPELINE_IID", "42",
                        "CI_ENVIRONMENT_NAME", "review/feature/login",
                        "CI_ENVIRONMENT_URL", "http://x.ci.example.com"))
                .orElseThrow();
        assertThat(source.repository()).isEqualTo("acme/shop");
        assertThat(source.branch()).isEqualTo("feature/login");
        assertThat(source.sequence()).isEqualTo(42);
        assertThat(source.url()).isEqualTo("http://x.ci.example.com");
    }

    @Test
    void aMergeRequestPipelineOfGitlabNamesTheSourceBranch() {
        var source = Pipelines.detect(Map.of(
                        "GITLAB_CI", "true",
                        "CI_COMMIT_REF_NAME", "refs/merge-requests/7/head",
                        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "feature/login"))
                .orElseThrow();
        assertThat(source.branch()).isEqualTo("feature/login");
    }

    @Test
    void aPullRequestOfGithubNamesTheHeadBranch() {
        var source = Pipelines.detect(
                        Map.of(
                                "GITHUB_ACTIONS", "true",
                                "GITHUB_REPOSITORY", "acme/shop",
                                "GITHUB_HEAD_REF", "feature/login",
                                "GITHUB_REF_NAME", "7/merge",
                                "GITHUB_SERVER_URL", "https://github.example",
                                "GITHUB_RUN_ID", "9"),
                        pullRequest("acme/shop"))
                .orElseThrow();
        assertThat(source.branch()).isEqualTo("feature/login");
        assertThat(source.fork()).isNull();
        assertThat(source.defaultBranch()).isEqualTo("main");
        assertThat(source.pipeline()).isEqualTo("https://github.example/acme/shop/actions/runs/9");
    }

    /** The project's own branch `main` and a fork's are two environments. */
    @Test
    void aPullRequestOfAForkIsTheForksOnGithub() {
        var source = Pipelines.detect(PULL_REQUEST, pullRequest("evil/shop")).orElseThrow();
        assertThat(source.fork()).isEqualTo("evil/shop");
        assertThat(source.repository()).isEqualTo("evil/shop");
    }

    @Test
    void aPullRequestOfWhichNobodyKnowsWhereItIsFromCountsAsAForks() {
        for (var event : List.of(
                Map.<String, Object>of(),
                Map.<String, Object>of("repository", "no object", "pull_request", List.of()),
                Map.<String, Object>of("pull_request", Map.of("head", Map.of("label", "a fork that was deleted"))))) {
            var source = Pipelines.detect(PULL_REQUEST, event).orElseThrow();
            assertThat(source.fork()).isEqualTo("a fork of acme/shop that is not known");
            assertThat(source.repository()).isNotEqualTo("acme/shop");
        }
    }

    @Test
    void aWorkflowThatRunsAfterOneOfAForkIsTheForks() {
        var variables = Map.of("GITHUB_ACTIONS", "true", "GITHUB_REPOSITORY", "acme/shop", "GITHUB_REF_NAME", "main");
        for (var from : List.of("evil/shop", "acme/shop")) {
            var event = Map.of("workflow_run", Map.of("head_repository", Map.of("full_name", from)));
            assertThat(Pipelines.detect(variables, event).orElseThrow().fork())
                    .isEqualTo(from.equals("acme/shop") ? null : from);
        }
    }

    @Test
    void aPushOnGithubIsNoForks() {
        var variables = Map.of("GITHUB_ACTIONS", "true", "GITHUB_REPOSITORY", "acme/shop", "GITHUB_REF_NAME", "main");
        assertThat(Pipelines.detect(variables).orElseThrow().fork()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "acme/shop, acme/shop, acme/shop, ",
        "acme/shop, evil/shop, acme/shop, evil/shop", // runs in the project
        "evil/shop, evil/shop, acme/shop, evil/shop", // runs in the fork
        "acme/shop, , , ",
    })
    void aMergeRequestOfAForkIsTheForksOnGitlab(String project, String from, String to, String fork) {
        var variables =
                new HashMap<>(Map.of("GITLAB_CI", "true", "CI_PROJECT_PATH", project, "CI_DEFAULT_BRANCH", "main"));
        variables.put("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", from);
        variables.put("CI_MERGE_REQUEST_PROJECT_PATH", to);
        var source = Pipelines.detect(variables).orElseThrow();
        assertThat(source.fork()).isEqualTo(fork);
        assertThat(source.repository()).isEqualTo(fork == null ? project : fork);
        assertThat(source.defaultBranch()).isEqualTo("main");
    }

    private static final Map<String, String> PULL_REQUEST =
            Map.of("GITHUB_ACTIONS", "true", "GITHUB_REPOSITORY", "acme/shop", "GITHUB_HEAD_REF", "main");

    private static Map<String, Object> pullRequest(String from) {
        return Map.of(
                "repository", Map.of("full_name", "acme/shop", "default_branch", "main"),
                "pull_request", Map.of("head", Map.of("repo", Map.of("full_name", from))));
    }

    @Test
    void onTheDeletionOfABranchGithubNamesTheDefaultBranchAndWeDoNotBelieveIt() {
        var source = Pipelines.detect(
                        Map.of("GITHUB_ACTIONS", "true", "GITHUB_EVENT_NAME", "delete", "GITHUB_REF_NAME", "main"))
                .orElseThrow();
        assertThat(source.branch()).isNull();
    }

    @Test
    void outsideOfAPipelineNothingIsDetected() {
        assertThat(Pipelines.detect(Map.of("HOME", "/root"))).isEmpty();
    }

    @Test
    void theRepositoryOfARemote() {
        assertThat(GitCheckout.repository("git@host.example:acme/shop.git")).isEqualTo("acme/shop");
        assertThat(GitCheckout.repository("https://host.example/acme/shop")).isEqualTo("acme/shop");
        assertThat(GitCheckout.repository("ssh://git@host.example:22/acme/team/shop.git"))
                .isEqualTo("acme/team/shop");
        assertThat(GitCheckout.repository(null)).isNull();
    }
}
