package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Printable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A login for pulling images from a registry. The password is sent to the server on standard input and stored there, in a
 * separate configuration, only while a deploy runs.
 *
 * @param registry its name in image names, for example {@code registry.example.com:5000}
 * @param user a user, or the name of a token; at most 255 characters
 * @param password a password or token of one line
 */
public record RegistryLogin(String registry, String user, String password) {
    private static final Pattern REGISTRY =
            Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9.-]{0,252}(:[0-9]{1,5})?(/[a-zA-Z0-9._/-]{0,255})?");
    private static final Pattern USER = Pattern.compile("[^\\p{Cntrl}:-][^\\p{Cntrl}:]{0,254}");
    private static final int LONGEST = 16_384;

    /** @throws ComposeException if registry, user or password is invalid; the message does not contain the password */
    public RegistryLogin {
        if (!REGISTRY.matcher(registry).matches()) {
            throw ComposeException.usage("The registry `" + Printable.line(registry)
                    + "` is invalid; write host[:port][/path] without https://");
        }
        if (!USER.matcher(user).matches()) {
            throw ComposeException.usage("The user for the registry " + registry + " is invalid");
        }
        if (password.isBlank()
                || password.length() > LONGEST
                || password.chars().anyMatch(c -> c < ' ')) {
            throw ComposeException.usage(
                    "The password for the registry " + registry + " is empty, too long, or has more than one line");
        }
    }

    /** Omits the password. */
    @Override
    public String toString() {
        return user + " at " + registry;
    }

    List<String> lines() {
        return List.of(registry, user, password);
    }
}
