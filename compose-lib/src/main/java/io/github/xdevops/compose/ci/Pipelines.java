package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the variables that CI systems set in their jobs. A pure function of a map. */
public final class Pipelines {
    /** Triggers that run on a chosen ref, often the default branch, and may concern another. */
    private static final Set<String> UNCERTAIN =
            Set.of("api", "chat", "ondemand_dast_scan", "pipeline", "schedule", "trigger", "web");

    private Pipelines() {}

    /** Reads the variables of a pipeline; empty if no known pipeline set them. */
    public static Optional<Source> detect(Map<String, String> variables) {
        return detect(variables, Map.of());
    }

    /**
     * Reads the variables of a pipeline and GitHub's event. Without the event, every pull request counts as one from a fork.
     *
     * @param event the JSON object in the file {@code GITHUB_EVENT_PATH}; empty if there is none
     */
    public static Optional<Source> detect(Map<String, String> variables, Map<String, ?> event) {
        var given = new Variables(variables);
        if ("true".equals(given.get("GITLAB_CI"))) {
            return Optional.of(gitlab(given));
        }
        if ("true".equals(given.get("GITHUB_ACTIONS"))) {
            return Optional.of(GithubActions.source(given, event));
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
        var external = variables.get("CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY");
        return new Findings("GitLab CI", variables)
                .first(Fact.REPOSITORY, "CI_PROJECT_PATH")
                .first(
                        Fact.BRANCH,
                        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
                        "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
                        "CI_COMMIT_REF_NAME")
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
                .fork(
                        external != null
                                        && !external.equals(variables.get("CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY"))
                                ? external
                                : null,
                        "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY")
                .uncertain(variables.oneOf("CI_PIPELINE_SOURCE", UNCERTAIN), "CI_PIPELINE_SOURCE")
                .digits(Fact.REQUEST, "CI_MERGE_REQUEST_IID")
                .say(Fact.REQUEST, openRequest(variables), "CI_OPEN_MERGE_REQUESTS")
                .first(Fact.REGISTRY, "CI_REGISTRY")
                .source();
    }

    /** The page that GitLab links to may be anywhere below the environment's URL. */
    private static @Nullable String withoutPath(@Nullable String url) {
        return url == null ? null : url.replaceFirst("^(https?://[^/?#]+)[/?#].*$", "$1");
    }

    /** The first open merge request to this project, from a list such as {@code acme/shop!7,acme/other!8}. */
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
}
