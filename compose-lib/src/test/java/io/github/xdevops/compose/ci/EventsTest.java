package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that run on the default branch, whatever they are about, deploy nothing else in its place. */
class EventsTest {
    private static final Source MAIN = checkout("of-main");
    private static final Source ANOTHER = checkout("of-another");
    private static final Source NONE = new Source("git", Map.of());
    private static final Source UNREADABLE = new Source("git", Map.of(), "dubious ownership");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issue_comment",
                "issues",
                "delete",
                "discussion_comment",
                "check_suite",
                "check_run",
                "status",
                "label",
                "workflow_run",
                "pull_request_review",
                "pull_request_target",
                "something_new"
            })
    @Tag("R3")
    void anEventAboutSomethingElseNamesNoBranch(String event) {
        var source = github(event, Map.of("repository", Map.of("default_branch", "main")));
        for (var checkout : new Source[] {MAIN, ANOTHER, NONE}) {
            var whole = source.or(checkout);
            assertThat(whole.branch()).isNull();
            assertThat(whole.event()).isEqualTo(event);
            assertThat(whole.isComplete()).isFalse();
        }
    }

    @Test
    @Tag("R3")
    void aCommentOnARequestIsOfUnknownOrigin() {
        var event = Map.of("issue", Map.of("number", 12L, "pull_request", Map.of("url", "https://api/pulls/12")));
        var source = github("issue_comment", event).or(ANOTHER);
        assertThat(source.request()).isEqualTo("12");
        assertThat(source.isOfUnknownOrigin()).isTrue();
        assertThat(source.commit()).isEqualTo("of-another");
        assertThat(github("issue_comment", Map.of("issue", Map.of("number", 12L)))
                        .isOfUnknownOrigin())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pull_request_target",
                "pull_request_review",
                "pull_request_review_comment",
                "pull_request_comment"
            })
    void anEventOfARequestIsOfItsBranchAndCommit(String event) {
        var own = github(event, request("acme/shop"));
        assertThat(own.branch()).isEqualTo("feature/x");
        assertThat(own.commit()).isEqualTo("of-the-request");
        assertThat(own.fork()).isNull();
        assertThat(github(event, request("evil/shop")).fork()).isEqualTo("evil/shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedule", "repository_dispatch", "workflow_dispatch"})
    void aChosenRefCountsOnlyIfItsCommitIsCheckedOut(String event) {
        believed(github(event, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GITLAB_CI=true CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=of-main CI_PIPELINE_SOURCE=chat",
                "GITLAB_CI=true CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=of-main CI_PIPELINE_SOURCE=trigger",
                "GITLAB_CI=true CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=of-main CI_PIPELINE_SOURCE=schedule",
                "TF_BUILD=True BUILD_SOURCEBRANCH=refs/heads/main BUILD_SOURCEVERSION=of-main BUILD_REASON=ResourceTrigger",
                "DRONE=true DRONE_BRANCH=main DRONE_COMMIT_SHA=of-main DRONE_BUILD_EVENT=cron",
                "CI=woodpecker CI_COMMIT_BRANCH=main CI_COMMIT_SHA=of-main CI_PIPELINE_EVENT=manual",
            })
    void aScheduleOrTriggerIsBelievedUnlessAnotherBranchIsCheckedOut(String variables) {
        believed(Pipelines.detect(variables(variables)).orElseThrow());
    }

    private static void believed(Source source) {
        assertThat(source.or(MAIN).branch()).isEqualTo("main");
        assertThat(source.or(NONE).branch()).isEqualTo("main");
        assertThat(source.or(ANOTHER).branch()).isNull();
        assertThat(source.or(ANOTHER).commit()).isEqualTo("of-another");
        assertThat(source.or(UNREADABLE).branch()).isNull();
        assertThat(source.or(UNREADABLE).problem()).isEqualTo("dubious ownership");
    }

    @Test
    void aPushIsBelievedWhateverIsCheckedOut() {
        assertThat(github("push", Map.of()).or(ANOTHER).branch()).isEqualTo("main");
        var pipeline = "GITLAB_CI=true CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=c CI_PIPELINE_SOURCE=push";
        assertThat(Pipelines.detect(variables(pipeline))
                        .orElseThrow()
                        .or(ANOTHER)
                        .branch())
                .isEqualTo("main");
    }

    @Test
    void aRunAfterAnEventAboutSomethingElseNamesNoBranch() {
        for (var started : new String[] {"issue_comment", "pull_request_target"}) {
            var run = Map.of(
                    "event",
                    started,
                    "head_branch",
                    "main",
                    "head_sha",
                    "of-main",
                    "head_repository",
                    Map.of("full_name", "acme/shop"));
            var source =
                    github("workflow_run", Map.of("workflow_run", run, "repository", Map.of("default_branch", "main")));
            assertThat(source.or(MAIN).branch()).isNull();
            assertThat(source.event()).isEqualTo(started);
        }
    }

    @Test
    void aRunThatCannotBeReadIsAForks() {
        assertThat(github("workflow_run", Map.of()).fork()).contains("not known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GITLAB_CI=true CI_PROJECT_PATH=acme/shop CI_COMMIT_REF_NAME=main CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME=feature/x"
                        + " CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY=evil/shop CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY=acme/shop",
                "JENKINS_URL=x GIT_BRANCH=origin/main GIT_URL=https://git.test/acme/shop ghprbPullId=12 ghprbSourceBranch=feature/x"
                        + " ghprbAuthorRepoGitUrl=https://git.test/evil/shop.git",
                "JENKINS_URL=x GIT_BRANCH=origin/main GIT_URL=https://git.test/acme/shop gitlabMergeRequestIid=12 gitlabSourceBranch=feature/x"
                        + " gitlabSourceRepoHttpUrl=https://git.test/evil/shop.git",
            })
    void aRequestThatIsBuiltOnItsTargetIsOfItsOwnBranchAndFork(String variables) {
        var source = Pipelines.detect(variables(variables)).orElseThrow();
        assertThat(source.branch()).isEqualTo("feature/x");
        assertThat(source.fork()).isEqualTo("evil/shop");
    }

    private static Source github(String name, Map<String, ?> event) {
        var variables = variables("GITHUB_ACTIONS=true GITHUB_REPOSITORY=acme/shop GITHUB_REF=refs/heads/main"
                + " GITHUB_REF_NAME=main GITHUB_SHA=of-main GITHUB_ACTOR=zoe GITHUB_EVENT_NAME=" + name);
        return Pipelines.detect(variables, event).orElseThrow();
    }

    private static Map<String, ?> request(@Nullable String from) {
        var head = Map.of("ref", "feature/x", "sha", "of-the-request", "repo", Map.of("full_name", from));
        return Map.of("pull_request", Map.of("number", 12L, "head", head));
    }

    private static Source checkout(String commit) {
        return new Source(
                "git", Map.of(Fact.COMMIT, new Finding(commit, "git"), Fact.BRANCH, new Finding("main", "git")));
    }

    private static Map<String, String> variables(String words) {
        var variables = new HashMap<String, String>();
        for (var word : words.split(" ")) {
            var parts = word.split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        return variables;
    }
}
