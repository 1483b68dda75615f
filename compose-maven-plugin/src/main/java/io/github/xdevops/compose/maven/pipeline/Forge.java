package io.github.xdevops.compose.maven.pipeline;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where comments on requests are, at GitLab, and at GitHub, whose API Forgejo and Gitea have too.
 *
 * @param variable which one has the token
 * @param header the header that carries it
 * @param credentials what that says
 * @param project the address of the project
 */
record Forge(boolean gitlab, String variable, String header, String credentials, String project) {
    /** Nothing without a token, or outside of the pipelines that it is for. */
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

    /** All comments of a request. */
    String comments(String request) {
        return project + (gitlab ? "/merge_requests/" + request + "/notes" : "/issues/" + request + "/comments");
    }

    /** One of them. */
    String comment(String request, String comment) {
        return gitlab ? comments(request) + "/" + comment : project + "/issues/comments/" + comment;
    }

    /** What GitHub does by itself. */
    String oldestFirst() {
        return gitlab ? "&sort=asc&order_by=created_at" : "";
    }

    /** How one is changed. */
    String update() {
        return gitlab ? "PUT" : "PATCH";
    }

    /** A branch's requests, closed ones too. GitHub's events name theirs, and a branch's deletion closes it, which is another event. */
    Optional<String> requests(String branch) {
        return gitlab
                ? Optional.of(project + "/merge_requests?state=all&per_page=5&order_by=updated_at&source_branch="
                        + URLEncoder.encode(branch, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** The token stays out of what is printed. */
    @Override
    public String toString() {
        return project;
    }
}
