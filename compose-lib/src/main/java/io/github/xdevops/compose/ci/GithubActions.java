package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the variables and the event of a job in GitHub Actions. Forgejo and Gitea set the same variables. */
final class GithubActions {
    private static final String EVENT = "GITHUB_EVENT_PATH";
    private static final String NAME = "GITHUB_EVENT_NAME";
    /** Events that concern their GITHUB_REF. */
    private static final Set<String> OF_THEIR_REF = Set.of("push", "create", "merge_group", "release");
    /** Events that run on a chosen ref or on the default branch. Workflows often check out another one. */
    private static final Set<String> UNCERTAIN = Set.of(
            "deployment",
            "deployment_status",
            "registry_package",
            "repository_dispatch",
            "schedule",
            "workflow_dispatch");

    private final Variables variables;
    private final Map<String, ?> event;
    private final Findings found;

    private GithubActions(String origin, Variables variables, Map<String, ?> event) {
        this.variables = variables;
        this.event = event;
        this.found = new Findings(origin, variables);
    }

    /**
     * @param event the content of GITHUB_EVENT_PATH; empty if it cannot be read
     */
    static Source source(Variables variables, Map<String, ?> event) {
        var origin = "true".equals(variables.get("FORGEJO_ACTIONS"))
                ? "Forgejo Actions"
                : "true".equals(variables.get("GITEA_ACTIONS")) ? "Gitea Actions" : "GitHub Actions";
        return new GithubActions(origin, variables, event).read(!origin.startsWith("GitHub"));
    }

    private Source read(boolean numbered) {
        var server = variables.get("GITHUB_SERVER_URL");
        var repository = variables.get("GITHUB_REPOSITORY");
        // Forgejo and Gitea number the pages of runs for each repository.
        var page = numbered && variables.has("GITHUB_RUN_NUMBER") ? "GITHUB_RUN_NUMBER" : "GITHUB_RUN_ID";
        found.first(Fact.REPOSITORY, "GITHUB_REPOSITORY")
                .first(Fact.AUTHOR, "GITHUB_ACTOR")
                .say(
                        Fact.PIPELINE,
                        server == null || repository == null || !variables.has(page)
                                ? null
                                : server + "/" + repository + "/actions/runs/" + variables.get(page),
                        page)
                .say(Fact.SEQUENCE, number("workflow_run", "id"), EVENT) // as old as the run that it follows
                // GITHUB_RUN_NUMBER begins anew with each workflow of the repository.
                .digits(Fact.SEQUENCE, "GITHUB_RUN_ID")
                .say(Fact.DEFAULT_BRANCH, text("repository", "default_branch"), EVENT)
                .say(Fact.REQUEST, number("pull_request", "number"), EVENT);
        var name = variables.get(NAME);
        if (isObject("workflow_run") || "workflow_run".equals(name)) {
            followed();
            fork("workflow_run", "head_repository", "full_name");
        } else if (isObject("pull_request") || variables.has("GITHUB_HEAD_REF") || isOfRequests(name)) {
            requested(name);
            fork("pull_request", "head", "repo", "full_name");
        } else {
            pushed(name);
        }
        return found.source();
    }

    /**
     * The event runs on the default branch after another workflow, which did not, unless that one was started by a third event.
     */
    private void followed() {
        var branch = text("workflow_run", "head_branch");
        found.say(Fact.BRANCH, branch, EVENT).say(Fact.COMMIT, text("workflow_run", "head_sha"), EVENT);
        var started = text("workflow_run", "event");
        if (started != null && UNCERTAIN.contains(started)) {
            found.uncertain(started, EVENT);
        } else if (branch == null
                || (started != null && !OF_THEIR_REF.contains(started) && !isOfRequests(started))
                || ("pull_request_target".equals(started) && branch.equals(text("repository", "default_branch")))) {
            found.elsewhere(started == null ? "workflow_run" : started, EVENT);
        }
    }

    /** The commit is the test merge, except for events that run on the target branch. */
    private void requested(@Nullable String name) {
        found.say(Fact.BRANCH, text("pull_request", "head", "ref"), EVENT).first(Fact.BRANCH, "GITHUB_HEAD_REF");
        if (!"pull_request".equals(name)) {
            found.say(Fact.COMMIT, text("pull_request", "head", "sha"), EVENT);
        }
        found.first(Fact.COMMIT, "GITHUB_SHA");
        if (found.source().branch() == null) {
            found.elsewhere(name == null ? "pull_request" : name, NAME);
        }
    }

    private void pushed(@Nullable String name) {
        if (name == null || OF_THEIR_REF.contains(name) || UNCERTAIN.contains(name)) {
            found.first(Fact.BRANCH, "GITHUB_REF_NAME")
                    .tag(
                            "tag".equals(variables.get("GITHUB_REF_TYPE")) ? variables.get("GITHUB_REF_NAME") : null,
                            "GITHUB_REF_NAME")
                    .first(Fact.COMMIT, "GITHUB_SHA")
                    .uncertain(name != null && UNCERTAIN.contains(name) ? name : null, NAME);
        } else { // a comment, an issue, the deletion of a branch: GITHUB_REF names the default branch, and GITHUB_SHA
            // its commit
            found.elsewhere(name, NAME);
            if (value("issue", "pull_request") instanceof Map<?, ?>) {
                found.say(Fact.REQUEST, number("issue", "number"), EVENT);
            }
        }
    }

    private static boolean isOfRequests(@Nullable String name) {
        return name != null && name.startsWith("pull_request");
    }

    /** No variable names the fork. A deleted fork and an unreadable event count as unknown forks. */
    private void fork(String... path) {
        var base = text("repository", "full_name");
        var own = base != null ? base : variables.get("GITHUB_REPOSITORY");
        var from = text(path);
        if (from == null) {
            found.unknownFork(own, EVENT);
        } else if (!from.equalsIgnoreCase(own)) {
            found.fork(from, EVENT);
        }
    }

    private boolean isObject(String name) {
        return event.get(name) instanceof Map<?, ?>;
    }

    private @Nullable String text(String... path) {
        return value(path) instanceof String text && !text.isBlank() ? text : null;
    }

    private @Nullable String number(String... path) {
        return value(path) instanceof Long number && number > 0 ? number.toString() : null;
    }

    private @Nullable Object value(String... path) {
        Object found = event;
        for (var name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found;
    }
}
