package io.github.xdevops.compose.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelinesTest {
    /** Variables as the systems' documentation names them; {@code -} is nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Jenkins | JENKINS_URL=x BRANCH_NAME=feature/a GIT_URL=git@git.test:acme/shop.git GIT_COMMIT=c BUILD_URL=http://j/9/ BUILD_NUMBER=9 | acme/shop | feature/a | http://j/9/ | 0 | - | -",
                "Jenkins | JENKINS_URL=x BRANCH_NAME=PR-7 CHANGE_BRANCH=feature/a CHANGE_FORK=evil GIT_URL=https://git.test/acme/shop.git GIT_COMMIT=c | evil/shop | feature/a | - | 0 | - | evil/shop",
                "Jenkins | JENKINS_URL=x CHANGE_BRANCH=feature/a CHANGE_FORK=evil/other GIT_URL=https://git.test/acme/shop.git GIT_COMMIT=c | evil/other | feature/a | - | 0 | - | evil/other",
                "Jenkins | JENKINS_HOME=/var/jenkins BRANCH_NAME=feature/a GIT_URL=https://git.test/acme/shop GIT_COMMIT=c | acme/shop | feature/a | - | 0 | - | -",
                "Jenkins | BUILD_TAG=jenkins-shop-9 BRANCH_NAME=feature/a GIT_URL=https://git.test/acme/shop GIT_COMMIT=c | acme/shop | feature/a | - | 0 | - | -",
                "Jenkins | JENKINS_URL=x GIT_BRANCH=detached GIT_URL=https://git.test/acme/shop GIT_COMMIT=c | acme/shop | - | - | 0 | - | -",
                "Jenkins | JENKINS_URL=x GIT_BRANCH=origin/feature/a GIT_URL=https://git.test/acme/shop GIT_COMMIT=c | acme/shop | feature/a | - | 0 | - | -",
                "Jenkins | JENKINS_URL=x BRANCH_NAME=main BRANCH_IS_PRIMARY=true GIT_URL=https://git.test/acme/shop GIT_COMMIT=c | acme/shop | main | - | 0 | main | -",
                "Bitbucket Pipelines | BITBUCKET_BUILD_NUMBER=5 BITBUCKET_REPO_FULL_NAME=acme/shop BITBUCKET_BRANCH=feature/a BITBUCKET_COMMIT=c BITBUCKET_GIT_HTTP_ORIGIN=http://b/acme/shop | acme/shop | feature/a | http://b/acme/shop/pipelines/results/5 | 5 | - | -",
                "Azure Pipelines | TF_BUILD=True BUILD_REPOSITORY_NAME=acme/shop BUILD_SOURCEBRANCH=refs/heads/feature/a BUILD_SOURCEVERSION=c SYSTEM_COLLECTIONURI=https://az/acme/ SYSTEM_TEAMPROJECT=shop BUILD_BUILDID=8 | acme/shop | feature/a | https://az/acme/shop/_build/results?buildId=8 | 8 | - | -",
                "Azure Pipelines | TF_BUILD=True BUILD_REPOSITORY_NAME=acme/shop BUILD_SOURCEBRANCH=refs/pull/1/merge SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/feature/a SYSTEM_PULLREQUEST_ISFORK=True SYSTEM_PULLREQUEST_SOURCECOMMITID=c | a fork of acme/shop that is not known | feature/a | - | 0 | - | a fork of acme/shop that is not known",
                "Azure Pipelines | TF_BUILD=True BUILD_REPOSITORY_NAME=acme/shop SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/feature/a SYSTEM_PULLREQUEST_ISFORK=True SYSTEM_PULLREQUEST_PULLREQUESTNUMBER=7 BUILD_SOURCEVERSION=c | a fork of acme/shop that is not known, request 7 | feature/a | - | 0 | - | a fork of acme/shop that is not known, request 7",
                "Azure Pipelines | TF_BUILD=True BUILD_REPOSITORY_PROVIDER=TfsGit BUILD_REPOSITORY_NAME=shop SYSTEM_TEAMPROJECT=Web~Shop SYSTEM_COLLECTIONURI=https://az/acme/ BUILD_SOURCEBRANCH=refs/heads/a BUILD_SOURCEVERSION=c BUILD_BUILDID=8 | web shop/shop | a | https://az/acme/Web%20Shop/_build/results?buildId=8 | 8 | - | -",
                "Azure Pipelines | TF_BUILD=True BUILD_REPOSITORY_NAME=acme/shop BUILD_SOURCEBRANCH=refs/tags/v1 BUILD_SOURCEVERSION=c | acme/shop | - | - | 0 | - | -",
                "CircleCI | CIRCLECI=true CIRCLE_PROJECT_USERNAME=acme CIRCLE_PROJECT_REPONAME=shop CIRCLE_BRANCH=feature/a CIRCLE_SHA1=c CIRCLE_BUILD_URL=http://c/3 CIRCLE_BUILD_NUM=3 | acme/shop | feature/a | http://c/3 | 3 | - | -",
                "CircleCI | CIRCLECI=true CIRCLE_PROJECT_USERNAME=acme CIRCLE_PROJECT_REPONAME=shop CIRCLE_PR_USERNAME=evil CIRCLE_PR_REPONAME=shop CIRCLE_BRANCH=pull/7 CIRCLE_SHA1=c | evil/shop | pull/7 | - | 0 | - | evil/shop",
                "Drone | DRONE=true DRONE_REPO=acme/shop DRONE_BRANCH=main DRONE_SOURCE_BRANCH=feature/a DRONE_COMMIT_SHA=c DRONE_BUILD_NUMBER=4 DRONE_BUILD_LINK=http://d/4 DRONE_REPO_BRANCH=main | acme/shop | feature/a | http://d/4 | 4 | main | -",
                "Drone | DRONE=true DRONE_REPO=acme/shop DRONE_PULL_REQUEST=7 DRONE_BRANCH=main DRONE_SOURCE_BRANCH=main DRONE_COMMIT_SHA=c DRONE_REPO_BRANCH=main | a fork of acme/shop that is not known, request 7 | main | - | 0 | main | a fork of acme/shop that is not known, request 7",
                "Drone | DRONE=true DRONE_REPO=acme/shop DRONE_PULL_REQUEST=7 DRONE_BRANCH=main DRONE_COMMIT_SHA=c | a fork of acme/shop that is not known, request 7 | - | - | 0 | - | a fork of acme/shop that is not known, request 7",
                "Drone | DRONE=true DRONE_REPO=acme/shop DRONE_PULL_REQUEST=7 DRONE_BRANCH=main DRONE_SOURCE_BRANCH=feature/a DRONE_COMMIT_SHA=c DRONE_REPO_BRANCH=main | acme/shop | feature/a | - | 0 | main | -",
                "Woodpecker | CI=woodpecker CI_REPO=acme/shop CI_COMMIT_PULL_REQUEST=7 CI_COMMIT_BRANCH=develop CI_COMMIT_SOURCE_BRANCH=main CI_COMMIT_SHA=c CI_REPO_DEFAULT_BRANCH=main | a fork of acme/shop that is not known, request 7 | main | - | 0 | main | a fork of acme/shop that is not known, request 7",
                "Woodpecker | CI=woodpecker CI_REPO=acme/shop CI_COMMIT_BRANCH=main CI_COMMIT_SOURCE_BRANCH=feature/a CI_COMMIT_SHA=c CI_PIPELINE_NUMBER=6 CI_PIPELINE_URL=http://w/6 CI_REPO_DEFAULT_BRANCH=main | acme/shop | feature/a | http://w/6 | 6 | main | -",
                "Forgejo Actions | GITHUB_ACTIONS=true FORGEJO_ACTIONS=true GITHUB_REPOSITORY=acme/shop GITHUB_REF_NAME=feature/a GITHUB_SHA=c GITHUB_RUN_ID=2 GITHUB_RUN_NUMBER=1 | acme/shop | feature/a | - | 2 | - | -",
                "Forgejo Actions | GITHUB_ACTIONS=true FORGEJO_ACTIONS=true GITHUB_SERVER_URL=http://f GITHUB_REPOSITORY=acme/shop GITHUB_REF_NAME=a GITHUB_SHA=c GITHUB_RUN_ID=2 GITHUB_RUN_NUMBER=1 | acme/shop | a | http://f/acme/shop/actions/runs/1 | 2 | - | -",
                "Gitea Actions | GITHUB_ACTIONS=true GITEA_ACTIONS=true GITHUB_SERVER_URL=http://f GITHUB_REPOSITORY=acme/shop GITHUB_REF_NAME=a GITHUB_SHA=c GITHUB_RUN_ID=2 GITHUB_RUN_NUMBER=1 | acme/shop | a | http://f/acme/shop/actions/runs/1 | 2 | - | -",
            })
    void otherPipelines(
            String origin,
            String given,
            String repository,
            String branch,
            String pipeline,
            long sequence,
            String defaultBranch,
            String fork) {
        var variables = new HashMap<String, String>();
        for (var variable : given.split(" ")) {
            var parts = variable.split("=", 2);
            variables.put(parts[0], parts[1].replace('~', ' '));
        }
        var source = Pipelines.detect(variables).orElseThrow();
        assertThat(source.origin()).isEqualTo(origin);
        assertThat(source.repository()).isEqualTo(none(repository));
        assertThat(source.branch()).isEqualTo(none(branch));
        assertThat(source.commit()).isEqualTo("c");
        assertThat(source.pipeline()).isEqualTo(none(pipeline));
        assertThat(source.sequence()).isEqualTo(sequence);
        assertThat(source.defaultBranch()).isEqualTo(none(defaultBranch));
        assertThat(source.fork()).isEqualTo(none(fork));
    }

    /** Each system also has variables of branches then, with the tag itself in them, or the branch it was made from. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GITLAB_CI=true CI_COMMIT_REF_NAME=v1 CI_COMMIT_TAG=v1",
                "GITHUB_ACTIONS=true GITHUB_REF_TYPE=tag GITHUB_REF_NAME=v1",
                "JENKINS_URL=x BRANCH_NAME=v1 TAG_NAME=v1",
                "BITBUCKET_BUILD_NUMBER=1 BITBUCKET_TAG=v1",
                "TF_BUILD=True BUILD_SOURCEBRANCH=refs/tags/v1",
                "CIRCLECI=true CIRCLE_TAG=v1",
                "DRONE=true DRONE_BRANCH=main DRONE_TAG=v1",
                "CI=woodpecker CI_COMMIT_BRANCH=main CI_COMMIT_TAG=v1",
            })
    void aTagIsNoBranch(String given) {
        var variables = new HashMap<String, String>();
        for (var variable : given.split(" ")) {
            var parts = variable.split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        var source = Pipelines.detect(variables).orElseThrow();
        assertThat(source.tag()).isEqualTo("v1");
        assertThat(source.branch()).isNull();
        var git = new Source(
                "git", Map.of(Fact.BRANCH, new Finding("main", "git"), Fact.COMMIT, new Finding("c", "git")));
        assertThat(source.or(git).branch()).isNull();
        assertThat(source.or(git).commit()).isEqualTo("c");
    }

    @Test
    void eachFactNamesTheVariableItComesFrom() {
        var source = Pipelines.detect(Map.of(
                        "GITLAB_CI", "true",
                        "CI_COMMIT_REF_NAME", "feature/login",
                        "CI_ENVIRONMENT_SLUG", "review-x",
                        "CI_REGISTRY", "registry.test"))
                .orElseThrow();
        assertThat(source.said(Fact.BRANCH)).isEqualTo(new Finding("feature/login", "CI_COMMIT_REF_NAME"));
        assertThat(source.said(Fact.SLUG)).isEqualTo(new Finding("review-x", "CI_ENVIRONMENT_SLUG"));
        assertThat(source.said(Fact.REGISTRY)).isEqualTo(new Finding("registry.test", "CI_REGISTRY"));
        assertThat(source.said(Fact.URL)).isNull();
    }

    /** GitLab leads people to a page, which may be anywhere below. */
    @ParameterizedTest
    @CsvSource({
        "https://x.test/app, https://x.test",
        "http://x.test:8080?a=b, http://x.test:8080",
        "http://x.test#top, http://x.test",
        "http://x.test, http://x.test",
        "ftp://x.test/app, ftp://x.test/app",
    })
    void theUrlOfAnEnvironmentIsWithoutAPath(String given, String url) {
        assertThat(Pipelines.detect(Map.of("GITLAB_CI", "true", "CI_ENVIRONMENT_URL", given))
                        .orElseThrow()
                        .url())
                .isEqualTo(url);
    }

    private static @Nullable String none(String text) {
        return text.equals("-") ? null : text;
    }

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

    /** {@code -} is a number that is not known. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GITLAB_CI=true CI_MERGE_REQUEST_IID=7 CI_OPEN_MERGE_REQUESTS=acme/shop!8 | 7",
                "GITLAB_CI=true CI_PROJECT_PATH=acme/shop CI_OPEN_MERGE_REQUESTS=acme/other!3,acme/shop!8,acme/shop!9 | 8",
                "GITLAB_CI=true CI_PROJECT_PATH=acme/shop CI_OPEN_MERGE_REQUESTS=acme/other!3 | -",
                "GITLAB_CI=true CI_MERGE_REQUEST_IID=../x | -",
                "JENKINS_URL=x CHANGE_ID=7 | 7",
                "BITBUCKET_BUILD_NUMBER=1 BITBUCKET_PR_ID=7 | 7",
                "TF_BUILD=True SYSTEM_PULLREQUEST_PULLREQUESTID=99 SYSTEM_PULLREQUEST_PULLREQUESTNUMBER=7 | 7",
                "TF_BUILD=True SYSTEM_PULLREQUEST_PULLREQUESTID=7 | 7",
                "CIRCLECI=true CIRCLE_PR_NUMBER=7 | 7",
                "DRONE=true DRONE_PULL_REQUEST=7 | 7",
                "CI=woodpecker CI_COMMIT_PULL_REQUEST=7 | 7",
                "GITHUB_ACTIONS=true GITHUB_REF_NAME=main | -",
            })
    void theNumberOfARequest(String given, String number) {
        var variables = new HashMap<String, String>();
        for (var variable : given.split(" ")) {
            var parts = variable.split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        assertThat(Pipelines.detect(variables).orElseThrow().request()).isEqualTo(none(number));
    }

    @Test
    void theNumberOfAPullRequestIsInTheEvent() {
        var variables = Map.of("GITHUB_ACTIONS", "true");
        for (var number : List.of(7L, "7/../8", -1L)) {
            var event = Map.of("pull_request", Map.of("number", number));
            assertThat(Pipelines.detect(variables, event).orElseThrow().request())
                    .isEqualTo(number.equals(7L) ? "7" : null);
        }
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
        assertThat(source.sequence()).isEqualTo(9);
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

    /** It runs on the default branch itself. */
    @Test
    void aWorkflowThatRunsAfterAnotherIsOfItsBranchAndCommit() {
        var event = Map.of(
                "workflow_run",
                Map.of(
                        "id",
                        41L,
                        "head_branch",
                        "feature/x",
                        "head_sha",
                        "c",
                        "head_repository",
                        Map.of("full_name", "acme/shop")));
        var variables = Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_REPOSITORY", "acme/shop",
                "GITHUB_REF_NAME", "main",
                "GITHUB_RUN_ID", "57",
                "GITHUB_SHA", "of-main");
        var source = Pipelines.detect(variables, event).orElseThrow();
        assertThat(source.branch()).isEqualTo("feature/x");
        assertThat(source.commit()).isEqualTo("c");
        assertThat(source.sequence()).as("as old as what it follows").isEqualTo(41);
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
    void theHostOfARemote() {
        assertThat(GitCheckout.host("git@GitLab.example:acme/shop.git")).isEqualTo("gitlab.example");
        assertThat(GitCheckout.host("https://me:secret@host.example:8443/github/shop"))
                .isEqualTo("host.example");
        assertThat(GitCheckout.host("ssh://git@host.example/acme/shop")).isEqualTo("host.example");
        assertThat(GitCheckout.host("/srv/git@github:shop.git")).isNull();
        assertThat(GitCheckout.host("../shop.git")).isNull();
        assertThat(GitCheckout.host("file:///srv/shop.git")).isNull();
        assertThat(GitCheckout.host(null)).isNull();
    }
}
