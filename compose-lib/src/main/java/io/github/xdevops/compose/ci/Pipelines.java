package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the variables that CI systems set in their jobs. A pure function of a map. */
public final class Pipelines {
    private static final String EVENT = "GITHUB_EVENT_PATH";

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
        var given = new Variables(variables);
        if ("true".equals(given.get("GITLAB_CI"))) {
            return Optional.of(gitlab(given));
        }
        if ("true".equals(given.get("GITHUB_ACTIONS"))) {
            return Optional.of(github(given, event));
        }
        return BuildServers.KNOWN.entrySet().stream()
                .filter(known -> BuildServers.isSet(known.getKey(), given))
                .findFirst()
                .map(known -> known.getValue().apply(given));
    }

    private static Source gitlab(Variables variables) {
        var repository = variables.get("CI_PROJECT_PATH");
        var from = variables.get("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH");
        var to = variables.get("CI_MERGE_REQUEST_PROJECT_PATH");
        // The pipeline may run in the project or in its fork.
        var fork = from != null && (!from.equals(repository) || (to != null && !from.equals(to))) ? from : null;
        return new Findings("GitLab CI", variables)
                .first(Fact.REPOSITORY, "CI_PROJECT_PATH")
                .first(Fact.BRANCH, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME")
                .tag(variables.get("CI_COMMIT_TAG"), "CI_COMMIT_TAG")
                .first(Fact.COMMIT, "CI_COMMIT_SHA")
                .first(Fact.AUTHOR, "GITLAB_USER_LOGIN")
                .first(Fact.PIPELINE, "CI_PIPELINE_URL")
                .digits(Fact.SEQUENCE, "CI_PIPELINE_IID")
                .first(Fact.ENVIRONMENT, "CI_ENVIRONMENT_NAME")
                .first(Fact.SLUG, "CI_ENVIRONMENT_SLUG")
                .say(Fact.URL, withoutPath(variables.get("CI_ENVIRONMENT_URL")), "CI_ENVIRONMENT_URL")
                .first(Fact.DEFAULT_BRANCH, "CI_DEFAULT_BRANCH")
                .fork(fork, "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH")
                .digits(Fact.REQUEST, "CI_MERGE_REQUEST_IID")
                .say(Fact.REQUEST, openRequest(variables), "CI_OPEN_MERGE_REQUESTS")
                .first(Fact.REGISTRY, "CI_REGISTRY")
                .source();
    }

    /** The page that GitLab leads people to may be anywhere below the environment's address. */
    private static @Nullable String withoutPath(@Nullable String url) {
        return url == null ? null : url.replaceFirst("^(https?://[^/?#]+)[/?#].*$", "$1");
    }

    /** A branch's pipeline knows those that are open, as {@code acme/shop!7,acme/other!8}; the first to its own project counts. */
    private static @Nullable String openRequest(Variables variables) {
        var open = variables.get("CI_OPEN_MERGE_REQUESTS");
        if (variables.has("CI_MERGE_REQUEST_IID") || open == null) {
            return null;
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

    private static Source github(Variables variables, Map<String, ?> event) {
        // Both set GitHub's variables, and both number the pages of runs for each repository.
        var forgejo = "true".equals(variables.get("FORGEJO_ACTIONS"));
        var gitea = "true".equals(variables.get("GITEA_ACTIONS"));
        var server = variables.get("GITHUB_SERVER_URL");
        var repository = variables.get("GITHUB_REPOSITORY");
        var page = (forgejo || gitea) && variables.has("GITHUB_RUN_NUMBER") ? "GITHUB_RUN_NUMBER" : "GITHUB_RUN_ID";
        var found = new Findings(forgejo ? "Forgejo Actions" : gitea ? "Gitea Actions" : "GitHub Actions", variables)
                .first(Fact.REPOSITORY, "GITHUB_REPOSITORY")
                .first(Fact.AUTHOR, "GITHUB_ACTOR")
                .say(
                        Fact.PIPELINE,
                        server == null || repository == null || !variables.has(page)
                                ? null
                                : server + "/" + repository + "/actions/runs/" + variables.get(page),
                        page)
                .say(Fact.SEQUENCE, runBefore(event), EVENT)
                // GITHUB_RUN_NUMBER begins anew with each workflow of the repository.
                .digits(Fact.SEQUENCE, "GITHUB_RUN_ID")
                .say(Fact.DEFAULT_BRANCH, text(event, "repository", "default_branch"), EVENT)
                .say(Fact.REQUEST, pullRequest(event), EVENT);
        if (event.get("workflow_run") instanceof Map<?, ?>) {
            // It runs on the default branch, after another one that did not.
            found.say(Fact.BRANCH, text(event, "workflow_run", "head_branch"), EVENT)
                    .say(Fact.COMMIT, text(event, "workflow_run", "head_sha"), EVENT);
        } else if (!"delete".equals(variables.get("GITHUB_EVENT_NAME"))) {
            // On the deletion of a branch GITHUB_REF names the default branch: a guess would take down the wrong one.
            found.first(Fact.BRANCH, "GITHUB_HEAD_REF", "GITHUB_REF_NAME")
                    .tag(
                            "tag".equals(variables.get("GITHUB_REF_TYPE")) ? variables.get("GITHUB_REF_NAME") : null,
                            "GITHUB_REF_NAME");
        }
        found.first(Fact.COMMIT, "GITHUB_SHA");
        return fork(found, variables, event).source();
    }

    /** A workflow that follows another one's run is as old as that. */
    private static @Nullable String runBefore(Map<String, ?> event) {
        return event.get("workflow_run") instanceof Map<?, ?> run && run.get("id") instanceof Long id && id > 0
                ? id.toString()
                : null;
    }

    private static @Nullable String pullRequest(Map<String, ?> event) {
        return event.get("pull_request") instanceof Map<?, ?> request
                        && request.get("number") instanceof Long number
                        && number > 0
                ? number.toString()
                : null;
    }

    /** The variables do not tell. A fork that was deleted, and an event that cannot be read, are nobody's branch. */
    private static Findings fork(Findings found, Variables variables, Map<String, ?> event) {
        var base = text(event, "repository", "full_name");
        var own = base != null ? base : variables.get("GITHUB_REPOSITORY");
        var workflow = event.get("workflow_run") instanceof Map<?, ?>;
        if (!variables.has("GITHUB_HEAD_REF") && !workflow && !(event.get("pull_request") instanceof Map<?, ?>)) {
            return found;
        }
        var from = workflow
                ? text(event, "workflow_run", "head_repository", "full_name")
                : text(event, "pull_request", "head", "repo", "full_name");
        if (from == null) {
            return found.unknownFork(own, EVENT);
        }
        return from.equals(own) ? found : found.fork(from, EVENT);
    }

    private static @Nullable String text(Map<?, ?> event, String... path) {
        Object found = event;
        for (var name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found instanceof String text && !text.isBlank() ? text : null;
    }
}
