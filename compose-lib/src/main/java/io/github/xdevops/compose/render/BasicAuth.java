package io.github.xdevops.compose.render;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The user of a basic authentication, as Traefik takes it. */
public final class BasicAuth {
    private static final int COST = 10;
    private static final int SALT = 16;

    private BasicAuth() {}

    /**
     * Hashes the password of a user by bcrypt. The same arguments give the same hash.
     *
     * @param user {@code name:password}, or {@code name:hash} with a bcrypt hash, which is returned as it is
     * @param of the project, or whatever else is protected
     * @return {@code name:$2y$…}
     * @throws ComposeException {@code USAGE} if the user is not in this form, the password too long or the hash too costly
     */
    public static String hashed(String user, String of) {
        var colon = user.indexOf(':');
        if (colon < 1 || colon == user.length() - 1) {
            throw ComposeException.usage("compose.basicAuth must be name:password, or name:hash with a bcrypt hash");
        }
        var name = user.substring(0, colon);
        var password = user.substring(colon + 1);
        if (password.matches("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}")) {
            // Traefik pays for it at each request, before anybody is let in.
            if (!password.substring(4).matches("1[0-2]\\$.*")) {
                throw ComposeException.usage(
                        "The bcrypt hash of compose.basicAuth has the cost " + password.substring(4, 6)
                                + "; make one with a cost of 10 to 12, for example with htpasswd -nBC 10");
            }
            return user;
        }
        var bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 72) {
            throw ComposeException.usage(
                    "The password of compose.basicAuth is longer than the 72 bytes that bcrypt takes");
        }
        var hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hash(COST, salt(of, name), bytes);
        return name + ":" + new String(hash, StandardCharsets.US_ASCII);
    }

    /**
     * A salt that depends on project and user, but not on the password. A random salt would change a label and recreate the
     * container on every deploy.
     */
    private static byte[] salt(String of, String name) {
        return Arrays.copyOf(Sha256.of("basicauth\0" + of + "\0" + name), SALT);
    }
}
