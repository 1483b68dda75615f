package io.github.xdevops.compose.ci;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a job; a blank value counts as unset. Only ASCII blanks count, which no branch name can contain; other blanks
 * at the end of a branch's name distinguish it.
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

    /** The value, if it is one of these words. */
    @Nullable
    String oneOf(String name, Set<String> values) {
        var value = get(name);
        return value != null && values.contains(value) ? value : null;
    }

    /** {@code ONE/OTHER}, if both are set. */
    @Nullable
    String path(String one, String other) {
        return has(one) && has(other) ? get(one) + "/" + get(other) : null;
    }

    /** The branch of a reference; none for a tag or a request's own reference. */
    static @Nullable String branch(@Nullable String reference) {
        if (reference == null || !reference.startsWith("refs/")) {
            return reference;
        }
        return reference.startsWith("refs/heads/") ? reference.substring("refs/heads/".length()) : null;
    }

    /** The tag of a reference. */
    static @Nullable String tag(@Nullable String reference) {
        return reference != null && reference.startsWith("refs/tags/")
                ? reference.substring("refs/tags/".length())
                : null;
    }
}
