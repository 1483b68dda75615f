package io.github.xdevops.compose.ci;

import java.util.Map;
import java.util.Set;
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

    @Nullable
    String digits(String name) {
        var value = get(name);
        return value != null && value.matches("[0-9]{1,15}") ? value : null;
    }

    /** The value, if it is one of these. */
    @Nullable
    String oneOf(String name, Set<String> values) {
        var value = get(name);
        return value != null && values.contains(value) ? value : null;
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

    /** A tag that is written as a reference. */
    static @Nullable String tag(@Nullable String reference) {
        return reference != null && reference.startsWith("refs/tags/")
                ? reference.substring("refs/tags/".length())
                : null;
    }
}
