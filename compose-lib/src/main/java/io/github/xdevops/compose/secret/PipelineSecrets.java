package io.github.xdevops.compose.secret;

import java.util.regex.Pattern;

/** Names of variables that contain the credentials of a pipeline or of this tool. */
public final class PipelineSecrets {
    private static final Pattern NAMES = Pattern.compile(
            "COMPOSE_(?:SSH_.*|REGISTRY_.*|WEBHOOK|BASIC_AUTH|.*TOKEN)"
                    + "|(?:CI|GITLAB|GITHUB|GH|GITEA|FORGEJO|BITBUCKET|CIRCLE|DRONE|SYSTEM)_.*(?:TOKEN|PASSWORD|JWT).*"
                    // GitLab's has the job's token in it; GitHub's jobs get their caches and identities from theirs.
                    + "|CI_REPOSITORY_URL|DOCKER_AUTH_CONFIG|ACTIONS_.*",
            Pattern.CASE_INSENSITIVE);

    private PipelineSecrets() {}

    public static boolean isOne(String name) {
        return NAMES.matcher(name).matches();
    }
}
