package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the variables of build servers that set everything there is to know. A source has no sequence where builds are not
 * numbered across the repository: numbers that restart for each branch or request would make newer deploys look older.
 */
final class BuildServers {
    /**
     * Detection of each build server, by a variable that only this one sets and, where needed, by its value or the beginning of
     * it.
     */
    static final Map<String, Function<Variables, Source>> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("JENKINS_URL", BuildServers::jenkins);
        KNOWN.put("BITBUCKET_BUILD_NUMBER", BuildServers::bitbucket);
        KNOWN.put("TF_BUILD", BuildServers::azure);
        KNOWN.put("CIRCLECI", BuildServers::circle);
        KNOWN.put("DRONE", BuildServers::drone);
        KNOWN.put("CI=woodpecker", BuildServers::woodpecker);
        // A Jenkins that was not told its own URL.
        KNOWN.put("JENKINS_HOME", BuildServers::jenkins);
        KNOWN.put("BUILD_TAG=jenkins-*", BuildServers::jenkins);
    }

    private BuildServers() {}

    static boolean isSet(String mark, Variables variables) {
        var parts = mark.split("=", 2);
        if (parts.length == 1) {
            return variables.has(mark);
        }
        var value = variables.get(parts[0]);
        return value != null
                && (parts[1].endsWith("*") ? value.startsWith(parts[1].replace("*", "")) : value.equals(parts[1]));
    }

    /** In a multibranch job, {@code BRANCH_NAME} of a request is {@code PR-7}; the source branch is {@code CHANGE_BRANCH}. */
    private static Source jenkins(Variables variables) {
        var remote = variables.get("GIT_BRANCH");
        // Jobs of plugins that build requests before they are merged, with the target's branch checked out.
        var gitlabRequest = variables.has("gitlabMergeRequestIid");
        var base = RepositoryName.of(variables.get("GIT_URL"));
        var found = new Findings("Jenkins", variables)
                .say(Fact.REPOSITORY, base, "GIT_URL")
                .first(Fact.BRANCH, "CHANGE_BRANCH", "ghprbSourceBranch")
                .say(Fact.BRANCH, gitlabRequest ? variables.get("gitlabSourceBranch") : null, "gitlabSourceBranch")
                .first(Fact.BRANCH, "BRANCH_NAME")
                .say(Fact.BRANCH, jenkinsBranch(remote), "GIT_BRANCH")
                .tag(Variables.tag(remote), "GIT_BRANCH")
                .tag(variables.get("TAG_NAME"), "TAG_NAME")
                .first(Fact.COMMIT, "ghprbActualCommit", "GIT_COMMIT")
                .first(Fact.AUTHOR, "CHANGE_AUTHOR", "GIT_AUTHOR_NAME")
                .first(Fact.PIPELINE, "BUILD_URL")
                .digits(Fact.REQUEST, "CHANGE_ID", "ghprbPullId", "gitlabMergeRequestIid")
                .fork(jenkinsFork(variables.get("CHANGE_FORK"), base, variables), "CHANGE_FORK")
                .fork(otherThan(base, variables.get("ghprbAuthorRepoGitUrl")), "ghprbAuthorRepoGitUrl")
                .fork(
                        gitlabRequest ? otherThan(base, variables.get("gitlabSourceRepoHttpUrl")) : null,
                        "gitlabSourceRepoHttpUrl");
        if (Boolean.parseBoolean(variables.get("BRANCH_IS_PRIMARY"))) {
            found.first(Fact.DEFAULT_BRANCH, "BRANCH_NAME");
        }
        return found.source();
    }

    /** Jenkins names the branch {@code detached} when a job builds a commit. */
    private static @Nullable String jenkinsBranch(@Nullable String remote) {
        var branch = Variables.branch(remote);
        return branch == null || branch.equals("detached") ? null : branch.replaceFirst("^origin/", "");
    }

    private static @Nullable String otherThan(@Nullable String base, @Nullable String remote) {
        var repository = RepositoryName.of(remote);
        return repository == null || repository.equals(base) ? null : repository;
    }

    /** {@code CHANGE_FORK} contains only the owner if the fork has the same name as its parent repository. */
    private static @Nullable String jenkinsFork(@Nullable String fork, @Nullable String base, Variables variables) {
        if (fork == null || fork.contains("/")) {
            return fork;
        }
        return base == null
                ? fork + ", request " + variables.get("CHANGE_ID")
                : fork + "/" + base.substring(base.lastIndexOf('/') + 1);
    }

    /** Pull requests from forks run in the fork. */
    private static Source bitbucket(Variables variables) {
        var origin = variables.get("BITBUCKET_GIT_HTTP_ORIGIN");
        return new Findings("Bitbucket Pipelines", variables)
                .first(Fact.REPOSITORY, "BITBUCKET_REPO_FULL_NAME")
                .first(Fact.BRANCH, "BITBUCKET_BRANCH")
                .tag(variables.get("BITBUCKET_TAG"), "BITBUCKET_TAG")
                .first(Fact.COMMIT, "BITBUCKET_COMMIT")
                .say(
                        Fact.PIPELINE,
                        origin == null
                                ? null
                                : origin + "/pipelines/results/" + variables.get("BITBUCKET_BUILD_NUMBER"),
                        "BITBUCKET_GIT_HTTP_ORIGIN")
                .digits(Fact.SEQUENCE, "BITBUCKET_BUILD_NUMBER")
                .first(Fact.ENVIRONMENT, "BITBUCKET_DEPLOYMENT_ENVIRONMENT")
                .digits(Fact.REQUEST, "BITBUCKET_PR_ID")
                .source();
    }

    /**
     * {@code BUILD_SOURCEBRANCHNAME} is only the last part of a branch's name. In Azure Repos, the name of a repository does not
     * include its project.
     */
    private static Source azure(Variables variables) {
        var project = variables.path("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT");
        var built = variables.get("BUILD_SOURCEBRANCH");
        var requested = variables.get("SYSTEM_PULLREQUEST_SOURCEBRANCH");
        var found = new Findings("Azure Pipelines", variables)
                .uncertain(
                        variables.oneOf(
                                "BUILD_REASON", Set.of("BuildCompletion", "Manual", "ResourceTrigger", "Schedule")),
                        "BUILD_REASON");
        if ("TfsGit".equals(variables.get("BUILD_REPOSITORY_PROVIDER"))) {
            found.say(
                    Fact.REPOSITORY,
                    variables.path("SYSTEM_TEAMPROJECT", "BUILD_REPOSITORY_NAME"),
                    "SYSTEM_TEAMPROJECT, BUILD_REPOSITORY_NAME");
        }
        found.first(Fact.REPOSITORY, "BUILD_REPOSITORY_NAME")
                .say(Fact.BRANCH, Variables.branch(requested), "SYSTEM_PULLREQUEST_SOURCEBRANCH")
                .say(Fact.BRANCH, Variables.branch(built), "BUILD_SOURCEBRANCH")
                .tag(requested == null ? Variables.tag(built) : null, "BUILD_SOURCEBRANCH")
                .first(Fact.COMMIT, "SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION")
                .first(Fact.AUTHOR, "BUILD_REQUESTEDFOR")
                .say(
                        Fact.PIPELINE,
                        project == null
                                ? null
                                : project.replace("//", "/")
                                                .replaceFirst(":/", "://")
                                                .replace(" ", "%20")
                                        + "/_build/results?buildId=" + variables.get("BUILD_BUILDID"),
                        "SYSTEM_COLLECTIONURI")
                .digits(Fact.SEQUENCE, "BUILD_BUILDID")
                .first(Fact.ENVIRONMENT, "ENVIRONMENT_NAME")
                .digits(Fact.REQUEST, "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID");
        return "true".equalsIgnoreCase(variables.get("SYSTEM_PULLREQUEST_ISFORK"))
                ? found.unknownFork(variables.get("BUILD_REPOSITORY_NAME"), "SYSTEM_PULLREQUEST_ISFORK")
                        .source()
                : found.source();
    }

    /** A branch {@code pull/7} is a request from a fork. Two variables that exist in no other build name the fork. */
    private static Source circle(Variables variables) {
        return new Findings("CircleCI", variables)
                .say(
                        Fact.REPOSITORY,
                        variables.path("CIRCLE_PROJECT_USERNAME", "CIRCLE_PROJECT_REPONAME"),
                        "CIRCLE_PROJECT_USERNAME, CIRCLE_PROJECT_REPONAME")
                .first(Fact.BRANCH, "CIRCLE_BRANCH")
                .tag(variables.get("CIRCLE_TAG"), "CIRCLE_TAG")
                .first(Fact.COMMIT, "CIRCLE_SHA1")
                .first(Fact.AUTHOR, "CIRCLE_USERNAME")
                .first(Fact.PIPELINE, "CIRCLE_BUILD_URL")
                .digits(Fact.SEQUENCE, "CIRCLE_BUILD_NUM")
                .digits(Fact.REQUEST, "CIRCLE_PR_NUMBER")
                .fork(
                        variables.path("CIRCLE_PR_USERNAME", "CIRCLE_PR_REPONAME"),
                        "CIRCLE_PR_USERNAME, CIRCLE_PR_REPONAME")
                .source();
    }

    private static Source drone(Variables variables) {
        var found = new Findings("Drone", variables)
                .first(Fact.REPOSITORY, "DRONE_REPO")
                .digits(Fact.REQUEST, "DRONE_PULL_REQUEST")
                .first(Fact.COMMIT, "DRONE_COMMIT_SHA")
                .first(Fact.AUTHOR, "DRONE_COMMIT_AUTHOR")
                .first(Fact.PIPELINE, "DRONE_BUILD_LINK")
                .digits(Fact.SEQUENCE, "DRONE_BUILD_NUMBER")
                .first(Fact.ENVIRONMENT, "DRONE_DEPLOY_TO")
                .first(Fact.DEFAULT_BRANCH, "DRONE_REPO_BRANCH")
                .uncertain(variables.oneOf("DRONE_BUILD_EVENT", Set.of("cron", "custom")), "DRONE_BUILD_EVENT");
        return branch(found, variables, "DRONE_").source();
    }

    private static Source woodpecker(Variables variables) {
        var found = new Findings("Woodpecker", variables)
                .first(Fact.REPOSITORY, "CI_REPO")
                .digits(Fact.REQUEST, "CI_COMMIT_PULL_REQUEST")
                .first(Fact.COMMIT, "CI_COMMIT_SHA")
                .first(Fact.AUTHOR, "CI_COMMIT_AUTHOR")
                .first(Fact.PIPELINE, "CI_PIPELINE_URL")
                .digits(Fact.SEQUENCE, "CI_PIPELINE_NUMBER")
                .first(Fact.ENVIRONMENT, "CI_PIPELINE_DEPLOY_TARGET")
                .first(Fact.DEFAULT_BRANCH, "CI_REPO_DEFAULT_BRANCH")
                .uncertain(
                        variables.oneOf("CI_PIPELINE_EVENT", Set.of("cron", "manual", "deployment")),
                        "CI_PIPELINE_EVENT");
        return branch(found, variables, "CI_COMMIT_").source();
    }

    /**
     * The branch variable contains the target branch of a request, and the base branch of a tag. Neither Drone nor Woodpecker
     * reports whether a request comes from a fork. But within one repository, a branch is never merged into itself, and the
     * default branch hardly ever into another.
     */
    private static Findings branch(Findings found, Variables variables, String prefix) {
        if (!variables.has(prefix + "PULL_REQUEST")) {
            return found.first(Fact.BRANCH, prefix + "SOURCE_BRANCH", prefix + "BRANCH")
                    .tag(variables.get(prefix + "TAG"), prefix + "TAG");
        }
        var source = variables.get(prefix + "SOURCE_BRANCH");
        var known = found.first(Fact.BRANCH, prefix + "SOURCE_BRANCH").source();
        return source == null || source.equals(variables.get(prefix + "BRANCH")) || source.equals(known.defaultBranch())
                ? found.unknownFork(known.repository(), prefix + "SOURCE_BRANCH")
                : found;
    }
}
