package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.ComposeException;
import java.util.Locale;

/** The purpose of a server. */
public enum Role {
    /** Review environments. They use HTTP unless there is a wildcard certificate, because authorities limit certificates for single names. */
    CI,
    /** Persistent environments, over HTTPS with a certificate for each host name. */
    PRODUCTION;

    /**
     * Reads the value of {@code compose.role}.
     *
     * @throws ComposeException {@code USAGE} if it is neither {@code ci} nor {@code production}
     */
    public static Role parse(String text) {
        for (var role : values()) {
            if (role.toString().equals(text)) {
                return role;
            }
        }
        throw ComposeException.usage("compose.role = `" + text + "` is neither ci nor production");
    }

    /** {@code ci} or {@code production}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
