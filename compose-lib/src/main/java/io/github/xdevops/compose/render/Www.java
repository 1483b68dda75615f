package io.github.xdevops.compose.render;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The direction of the redirect between a host name and the same name with {@code www.} in front. */
public enum Www {
    /** {@code example.com} redirects to {@code www.example.com}. */
    ADD,
    /** {@code www.example.com} redirects to {@code example.com}. */
    REMOVE;

    private static final String PREFIX = "www.";

    /**
     * Parses {@code add} or {@code remove}.
     *
     * @throws ComposeException {@code USAGE} if it is neither
     */
    public static Www parse(String word) {
        for (var value : values()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
                return value;
            }
        }
        throw ComposeException.usage("compose.www = `" + word + "` is neither add nor remove");
    }

    /** The address that visitors end at, whichever of the two names was given; without a direction, the one that was given. */
    static Address canonical(@Nullable Www direction, Address address) {
        return direction == null
                ? address
                : new Address(
                        address.secure(), direction == ADD ? PREFIX + bare(address) : bare(address), address.port());
    }

    /** The host name that redirects there. */
    String other(Address address) {
        return this == ADD ? bare(address) : PREFIX + bare(address);
    }

    private static String bare(Address address) {
        return address.host().startsWith(PREFIX) ? address.host().substring(PREFIX.length()) : address.host();
    }
}
