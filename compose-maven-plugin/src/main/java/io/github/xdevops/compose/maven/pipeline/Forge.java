package io.github.xdevops.compose.maven.pipeline;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The comments API of a forge: GitLab, or GitHub, whose API Forgejo and Gitea share.
 *
 * @param variable the variable with the token
 * @param header the header for the token
 * @param credentials the value of the header
 * @param project the API's URL of the project
 */
record Forge(boolean gitlab, String variable, String header, String credentials, String project) {
    /** Returns the forge of a pipeline; empty without a token. */
    static Optional<Forge> of(Map<String, String> variables) {
        var gitlabToken = value(variables, "COMPOSE_GITLAB_TOKEN");
        if (gitlabToken != null) {
            var api = value(variables, "CI_API_V4_URL");
            // The pipeline of a request from a fork may run there.
            var to = value(variables, "CI_MERGE_REQUEST_PROJECT_ID");
            var project = to != null ? to : value(variables, "CI_PROJECT_ID");
            return api == null || project == null
                    ? Optional.empty()
                    : Optional.of(new Forge(
                            true, "COMPOSE_GITLAB_TOKEN", "PRIVATE-TOKEN", gitlabToken, api + "/projects/" + project));
        }
        var githubToken = value(variables, "COMPOSE_GITHUB_TOKEN");
        var api = value(variables, "GITHUB_API_URL");
        var repository = value(variables, "GITHUB_REPOSITORY");
        return githubToken == null || api == null || repository == null
                ? Optional.empty()
                : Optional.of(new Forge(
                        false,
                        "COMPOSE_GITHUB_TOKEN",
                        "Authorization",
                        "Bearer " + githubToken,
                        api + "/repos/" + repository));
    }

    private static @Nullable String value(Map<String, String> variables, String name) {
        var value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** The URL of all comments of a request. */
    String comments(String request) {
        return project + (gitlab ? "/merge_requests/" + request + "/notes" : "/issues/" + request + "/comments");
    }

    /** The URL of one comment. */
    String comment(String request, String comment) {
        return gitlab ? comments(request) + "/" + comment : project + "/issues/comments/" + comment;
    }

    /** The query for the oldest first; GitHub's default. */
    String oldestFirst() {
        return gitlab ? "&sort=asc&order_by=created_at" : "";
    }

    /** The HTTP method of an update. */
    String update() {
        return gitlab ? "PUT" : "PATCH";
    }

    /**
     * The URL of a branch's requests, including closed ones. GitHub's events name theirs, and the deletion of a branch closes it,
     * which is another event.
     */
    Optional<String> requests(String branch) {
        return gitlab
                ? Optional.of(project + "/merge_requests?state=all&per_page=5&order_by=updated_at&source_branch="
                        + URLEncoder.encode(branch, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return project;
    }
}
