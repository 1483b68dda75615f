package io.github.xdevops.compose.ci;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the variables that CI systems set in their jobs. A pure function of a map. */
public final class Pipelines {
    private Pipelines() {}

    /** What the pipeline says that these variables come from; empty outside of a known one. */
    public static Optional<Source> detect(Map<String, String> variables) {
        return detect(variables, Map.of());
    }

    /**
     * The same with what GitHub Actions tell beside the variables. Without it every pull request counts as one from a fork.
     *
     * @param event the JSON object in the file {@code GITHUB_EVENT_PATH}; empty where there is none
     */
    public static Optional<Source> detect(Map<String, String> variables, Map<String, ?> event) {
        if ("true".equals(variables.get("GITLAB_CI"))) {
            return Optional.of(gitlab(variables));
        }
        if ("true".equals(variables.get("GITHUB_ACTIONS"))) {
            return Optional.of(github(variables, event));
        }
        var given = new Variables(variables);
        return BuildServers.KNOWN.entrySet().stream()
                .filter(known -> BuildServers.isSet(known.getKey(), given))
                .findFirst()
                .map(known -> known.getValue().apply(given));
    }

    private static Source gitlab(Map<String, String> variables) {
        var request = value(variables, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME");
        var repository = value(variables, "CI_PROJECT_PATH");
        var from = value(variables, "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH");
        var to = value(variables, "CI_MERGE_REQUEST_PROJECT_PATH");
        // The pipeline may run in the project or in its fork.
        var fork = from != null && (!from.equals(repository) || (to != null && !from.equals(to))) ? from : null;
        return new Source(
                "GitLab CI",
                fork != null ? fork : repository,
                request != null ? request : value(variables, "CI_COMMIT_REF_NAME"),
                value(variables, "CI_COMMIT_SHA"),
                value(variables, "GITLAB_USER_LOGIN"),
                value(variables, "CI_PIPELINE_URL"),
                number(value(variables, "CI_PIPELINE_IID")),
                value(variables, "CI_ENVIRONMENT_NAME"),
                value(variables, "CI_ENVIRONMENT_URL"),
                value(variables, "CI_DEFAULT_BRANCH"),
                fork,
                mergeRequest(new Variables(variables)));
    }

    /** A branch's pipeline knows those that are open, as {@code acme/shop!7,acme/other!8}; the first to its own project counts. */
    private static @Nullable String mergeRequest(Variables variables) {
        var own = variables.digits("CI_MERGE_REQUEST_IID");
        var open = variables.get("CI_OPEN_MERGE_REQUESTS");
        if (own != null || open == null) {
            return own;
        }
        var toProject = variables.get("CI_PROJECT_PATH") + "!";
        return Stream.of(open.split(","))
                .map(String::strip)
                .filter(request -> request.startsWith(toProject))
                .map(request -> request.substring(toProject.length()))
                .filter(request -> request.matches("[0-9]{1,15}"))
                .findFirst()
                .orElse(null);
    }

    private static Source github(Map<String, String> variables, Map<String, ?> event) {
        var repository = value(variables, "GITHUB_REPOSITORY");
        var head = value(variables, "GITHUB_HEAD_REF");
        // On the deletion of a branch GITHUB_REF names the default branch: a guess would take down the wrong one.
        var branch = "delete".equals(variables.get("GITHUB_EVENT_NAME"))
                ? null
                : head != null ? head : value(variables, "GITHUB_REF_NAME");
        var server = value(variables, "GITHUB_SERVER_URL");
        var run = value(variables, "GITHUB_RUN_ID");
        var fork = fork(repository, head, event);
        return new Source(
                // Both set GitHub's variables.
                "true".equals(variables.get("FORGEJO_ACTIONS"))
                        ? "Forgejo Actions"
                        : "true".equals(variables.get("GITEA_ACTIONS")) ? "Gitea Actions" : "GitHub Actions",
                fork != null ? fork : repository,
                branch,
                value(variables, "GITHUB_SHA"),
                value(variables, "GITHUB_ACTOR"),
                server == null || repository == null || run == null
                        ? null
                        : server + "/" + repository + "/actions/runs/" + run,
                // GITHUB_RUN_NUMBER begins anew with each workflow of the repository.
                number(run),
                null,
                null,
                text(event, "repository", "default_branch"),
                fork,
                pullRequest(event));
    }

    private static @Nullable String pullRequest(Map<String, ?> event) {
        return event.get("pull_request") instanceof Map<?, ?> request
                        && request.get("number") instanceof Long number
                        && number > 0
                ? number.toString()
                : null;
    }

    /** The variables do not tell. A fork that was deleted, and an event that cannot be read, are nobody's branch. */
    private static @Nullable String fork(@Nullable String repository, @Nullable String head, Map<String, ?> event) {
        var base = text(event, "repository", "full_name");
        var own = base != null ? base : repository;
        var workflow = event.get("workflow_run") instanceof Map<?, ?>;
        if (head == null && !workflow && !(event.get("pull_request") instanceof Map<?, ?>)) {
            return null;
        }
        var from = workflow
                ? text(event, "workflow_run", "head_repository", "full_name")
                : text(event, "pull_request", "head", "repo", "full_name");
        if (from == null) {
            return "a fork of " + own + " that is not known";
        }
        return from.equals(own) ? null : from;
    }

    private static @Nullable String text(Map<?, ?> event, String... path) {
        Object found = event;
        for (var name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found instanceof String text && !text.isBlank() ? text : null;
    }

    private static @Nullable String value(Map<String, String> variables, String name) {
        return new Variables(variables).get(name);
    }

    private static long number(@Nullable String digits) {
        return digits != null && digits.matches("[0-9]{1,15}") ? Long.parseLong(digits) : 0;
    }
}
