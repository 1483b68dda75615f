package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

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
        var source = Pipelines.detect(Map.of(
                        "GITHUB_ACTIONS", "true",
                        "GITHUB_REPOSITORY", "acme/shop",
                        "GITHUB_HEAD_REF", "feature/login",
                        "GITHUB_REF_NAME", "7/merge",
                        "GITHUB_SERVER_URL", "https://github.example",
                        "GITHUB_RUN_ID", "9"))
                .orElseThrow();
        assertThat(source.branch()).isEqualTo("feature/login");
        assertThat(source.pipeline()).isEqualTo("https://github.example/acme/shop/actions/runs/9");
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
