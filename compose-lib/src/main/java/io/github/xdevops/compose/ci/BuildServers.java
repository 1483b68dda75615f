package io.github.xdevops.compose.ci;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The pipelines whose variables tell all that can be known. The sequence is 0 where builds are not numbered through for the whole
 * repository: numbers that begin anew for each branch or request would make newer deploys look older.
 */
final class BuildServers {
    /** By the variable, and where it says so the value, that only this one sets. */
    static final Map<String, Function<Variables, Source>> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("JENKINS_URL", BuildServers::jenkins);
        KNOWN.put("BITBUCKET_BUILD_NUMBER", BuildServers::bitbucket);
        KNOWN.put("TF_BUILD", BuildServers::azure);
        KNOWN.put("CIRCLECI", BuildServers::circle);
        KNOWN.put("DRONE", BuildServers::drone);
        KNOWN.put("CI=woodpecker", BuildServers::woodpecker);
    }

    private BuildServers() {}

    static boolean isSet(String mark, Variables variables) {
        var parts = mark.split("=", 2);
        return parts.length == 2 ? parts[1].equals(variables.get(parts[0])) : variables.has(mark);
    }

    /** In a multibranch job {@code BRANCH_NAME} of a request is {@code PR-7}; its own branch is {@code CHANGE_BRANCH}. */
    private static Source jenkins(Variables variables) {
        var branch = variables.first("CHANGE_BRANCH", "BRANCH_NAME");
        if (branch == null) {
            var remote = variables.get("GIT_BRANCH");
            branch = remote == null ? null : remote.replaceFirst("^origin/", "");
        }
        var fork = variables.get("CHANGE_FORK");
        return new Source(
                "Jenkins",
                fork != null ? fork : GitCheckout.repository(variables.get("GIT_URL")),
                branch,
                variables.get("GIT_COMMIT"),
                variables.first("CHANGE_AUTHOR", "GIT_AUTHOR_NAME"),
                variables.get("BUILD_URL"),
                0,
                null,
                null,
                Boolean.parseBoolean(variables.get("BRANCH_IS_PRIMARY")) ? branch : null,
                fork,
                variables.digits("CHANGE_ID"));
    }

    /** Requests of forks run in the fork. */
    private static Source bitbucket(Variables variables) {
        var origin = variables.get("BITBUCKET_GIT_HTTP_ORIGIN");
        return new Source(
                "Bitbucket Pipelines",
                variables.get("BITBUCKET_REPO_FULL_NAME"),
                variables.get("BITBUCKET_BRANCH"),
                variables.get("BITBUCKET_COMMIT"),
                null,
                origin == null ? null : origin + "/pipelines/results/" + variables.get("BITBUCKET_BUILD_NUMBER"),
                variables.number("BITBUCKET_BUILD_NUMBER"),
                variables.get("BITBUCKET_DEPLOYMENT_ENVIRONMENT"),
                null,
                null,
                null,
                variables.digits("BITBUCKET_PR_ID"));
    }

    /** {@code BUILD_SOURCEBRANCHNAME} is only the last part of a branch's name. */
    private static Source azure(Variables variables) {
        var project = variables.path("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT");
        var repository = variables.get("BUILD_REPOSITORY_NAME");
        var fork = "true".equalsIgnoreCase(variables.get("SYSTEM_PULLREQUEST_ISFORK"))
                ? "a fork of " + repository + " that is not known"
                : null;
        return new Source(
                "Azure Pipelines",
                fork != null ? fork : repository,
                Variables.branch(variables.first("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH")),
                variables.first("SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"),
                variables.get("BUILD_REQUESTEDFOR"),
                project == null
                        ? null
                        : project.replace("//", "/").replaceFirst(":/", "://") + "/_build/results?buildId="
                                + variables.get("BUILD_BUILDID"),
                variables.number("BUILD_BUILDID"),
                variables.get("ENVIRONMENT_NAME"),
                null,
                null,
                fork,
                variables.digits("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"));
    }

    /** A branch {@code pull/7} is a request of a fork, whose name stands in two variables that nothing else has. */
    private static Source circle(Variables variables) {
        var repository = variables.path("CIRCLE_PROJECT_USERNAME", "CIRCLE_PROJECT_REPONAME");
        var fork = variables.path("CIRCLE_PR_USERNAME", "CIRCLE_PR_REPONAME");
        return new Source(
                "CircleCI",
                fork != null ? fork : repository,
                variables.get("CIRCLE_BRANCH"),
                variables.get("CIRCLE_SHA1"),
                variables.get("CIRCLE_USERNAME"),
                variables.get("CIRCLE_BUILD_URL"),
                variables.number("CIRCLE_BUILD_NUM"),
                null,
                null,
                null,
                fork,
                variables.digits("CIRCLE_PR_NUMBER"));
    }

    /**
     * {@code DRONE_BRANCH} of a request is the branch that it is made to. Neither Drone nor Woodpecker says whether it is a fork's; they
     * give no secrets to requests unless somebody told them to.
     */
    private static Source drone(Variables variables) {
        return new Source(
                "Drone",
                variables.get("DRONE_REPO"),
                variables.first("DRONE_SOURCE_BRANCH", "DRONE_BRANCH"),
                variables.get("DRONE_COMMIT_SHA"),
                variables.get("DRONE_COMMIT_AUTHOR"),
                variables.get("DRONE_BUILD_LINK"),
                variables.number("DRONE_BUILD_NUMBER"),
                variables.get("DRONE_DEPLOY_TO"),
                null,
                variables.get("DRONE_REPO_BRANCH"),
                null,
                variables.digits("DRONE_PULL_REQUEST"));
    }

    /** {@code CI_COMMIT_BRANCH} of a request is the branch that it is made to. */
    private static Source woodpecker(Variables variables) {
        return new Source(
                "Woodpecker",
                variables.get("CI_REPO"),
                variables.first("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"),
                variables.get("CI_COMMIT_SHA"),
                variables.get("CI_COMMIT_AUTHOR"),
                variables.get("CI_PIPELINE_URL"),
                variables.number("CI_PIPELINE_NUMBER"),
                variables.get("CI_PIPELINE_DEPLOY_TARGET"),
                null,
                variables.get("CI_REPO_DEFAULT_BRANCH"),
                null,
                variables.digits("CI_COMMIT_PULL_REQUEST"));
    }
}
