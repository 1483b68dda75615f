package io.github.xdevops.compose.ci;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the variables that CI systems set in their jobs. A pure function of a map. */
public final class Pipelines {
    private Pipelines() {}

    /** What the pipeline says that these variables come from; empty outside of a known one. */
    public static Optional<Source> detect(Map<String, String> variables) {
        if ("true".equals(variables.get("GITLAB_CI"))) {
            return Optional.of(gitlab(variables));
        }
        if ("true".equals(variables.get("GITHUB_ACTIONS"))) {
            return Optional.of(github(variables));
        }
        return Optional.empty();
    }

    private static Source gitlab(Map<String, String> variables) {
        var request = value(variables, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME");
        return new Source(
                "GitLab CI",
                value(variables, "CI_PROJECT_PATH"),
                request != null ? request : value(variables, "CI_COMMIT_REF_NAME"),
                value(variables, "CI_COMMIT_SHA"),
                value(variables, "GITLAB_USER_LOGIN"),
                value(variables, "CI_PIPELINE_URL"),
                number(value(variables, "CI_PIPELINE_IID")),
                value(variables, "CI_ENVIRONMENT_NAME"),
                value(variables, "CI_ENVIRONMENT_URL"));
    }

    private static Source github(Map<String, String> variables) {
        var repository = value(variables, "GITHUB_REPOSITORY");
        var head = value(variables, "GITHUB_HEAD_REF");
        // On the deletion of a branch GITHUB_REF names the default branch: a guess would take down the wrong one.
        var branch = "delete".equals(variables.get("GITHUB_EVENT_NAME"))
                ? null
                : head != null ? head : value(variables, "GITHUB_REF_NAME");
        var server = value(variables, "GITHUB_SERVER_URL");
        var run = value(variables, "GITHUB_RUN_ID");
        return new Source(
                "GitHub Actions",
                repository,
                branch,
                value(variables, "GITHUB_SHA"),
                value(variables, "GITHUB_ACTOR"),
                server == null || repository == null || run == null
                        ? null
                        : server + "/" + repository + "/actions/runs/" + run,
                number(value(variables, "GITHUB_RUN_NUMBER")),
                null,
                null);
    }

    private static @Nullable String value(Map<String, String> variables, String name) {
        var value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static long number(@Nullable String digits) {
        return digits != null && digits.matches("[0-9]{1,15}") ? Long.parseLong(digits) : 0;
    }
}
