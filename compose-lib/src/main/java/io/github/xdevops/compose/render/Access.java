package io.github.xdevops.compose.render;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private static final int COST = 10;
    private static final int SALT = 16;

    /** The secret part of the basic authentication, for redaction. */
    Optional<String> password() {
        return Optional.ofNullable(basicAuth).map(user -> user.substring(user.indexOf(':') + 1));
    }

    /** The user in Traefik's form, {@code name:$2y$…}; empty without basic authentication. */
    String user(String project) {
        if (basicAuth == null) {
            return "";
        }
        var colon = basicAuth.indexOf(':');
        if (colon < 1 || colon == basicAuth.length() - 1) {
            throw ComposeException.usage("compose.basicAuth must be name:password, or name:hash with a bcrypt hash");
        }
        var name = basicAuth.substring(0, colon);
        var password = basicAuth.substring(colon + 1);
        if (password.matches("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}")) {
            // Traefik pays for it at each request, before anybody is let in.
            if (!password.substring(4).matches("1[0-2]\\$.*")) {
                throw ComposeException.usage(
                        "The bcrypt hash of compose.basicAuth has the cost " + password.substring(4, 6)
                                + "; make one with a cost of 10 to 12, for example with htpasswd -nBC 10");
            }
            return basicAuth;
        }
        var bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 72) {
            throw ComposeException.usage(
                    "The password of compose.basicAuth is longer than the 72 bytes that bcrypt takes");
        }
        var hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hash(COST, salt(project, name), bytes);
        return name + ":" + new String(hash, StandardCharsets.US_ASCII);
    }

    /**
     * A salt that depends on project and user, but not on the password. A random salt would change a label and recreate the
     * container on every deploy.
     */
    private static byte[] salt(String project, String name) {
        return Arrays.copyOf(Sha256.of("basicauth\0" + project + "\0" + name), SALT);
    }
}
