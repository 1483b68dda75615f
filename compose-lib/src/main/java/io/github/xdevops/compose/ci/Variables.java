package io.github.xdevops.compose.ci;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job finds in its environment; a blank value counts as none. Blanks are those of ASCII, which no branch can have: another one
 * at the end of a branch's name tells it from the branch without.
 */
record Variables(Map<String, String> all) {
    boolean has(String name) {
        return get(name) != null;
    }

    @Nullable
    String get(String name) {
        var value = all.get(name);
        return value == null || value.trim().isEmpty() ? null : value.trim();
    }

    /** The first that there is. */
    @Nullable
    String first(String... names) {
        for (var name : names) {
            var value = get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** The first that is there, if it is a number. */
    @Nullable
    String digits(String... names) {
        var value = first(names);
        return value != null && value.matches("[0-9]{1,15}") ? value : null;
    }

    /** 0 if there is none. */
    long number(String name) {
        var digits = digits(name);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** {@code ONE/OTHER}, if there are both. */
    @Nullable
    String path(String one, String other) {
        return has(one) && has(other) ? get(one) + "/" + get(other) : null;
    }

    /** A branch that may be written as a reference; none if it is a tag or a request's own reference. */
    static @Nullable String branch(@Nullable String reference) {
        if (reference == null || !reference.startsWith("refs/")) {
            return reference;
        }
        return reference.startsWith("refs/heads/") ? reference.substring("refs/heads/".length()) : null;
    }
}
