package io.github.xdevops.compose.render;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Access settings: basic authentication, TLS certificate resolver, redirect of {@code www}.
 *
 * @param basicAuth {@code name:password} or {@code name:hash}, or {@code null}
 * @param certResolver Traefik's certificate resolver, or {@code null}
 * @param www the redirect between the names with and without {@code www}, or {@code null}
 */
record Access(
        @Nullable String basicAuth,
        @Nullable String certResolver,
        @Nullable Www www) {
    /** The secret part of the basic authentication, for redaction. */
    Optional<String> password() {
        return Optional.ofNullable(basicAuth).map(user -> user.substring(user.indexOf(':') + 1));
    }

    /** The user in Traefik's form, {@code name:$2y$…}; empty without basic authentication. */
    String user(String project) {
        return basicAuth == null ? "" : BasicAuth.hashed(basicAuth, project);
    }
}
