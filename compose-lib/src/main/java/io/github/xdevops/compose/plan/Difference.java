package io.github.xdevops.compose.plan;

import io.github.xdevops.compose.plan.Change.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One different value; it never contains a secret.
 *
 * @param kind whether the value is added, removed or changed
 * @param path the path of keys below the service, network or other part; an item of a list has its number or, for mounts and
 *     ports, its target
 * @param masked whether the value is secret, or differs only in a secret; before and after are {@code null} then
 * @param before the value on the server, or {@code null} if it has none; a list is written as JSON
 * @param after the value after a deploy, or {@code null} if it would have none
 */
public record Difference(
        Kind kind,
        List<String> path,
        boolean masked,
        @Nullable String before,
        @Nullable String after) {
    /** @throws IllegalArgumentException if a masked difference has a value */
    public Difference {
        path = List.copyOf(path);
        if (masked && (before != null || after != null)) {
            throw new IllegalArgumentException("what is masked has no value: " + path);
        }
    }

    static Difference masked(Kind kind, List<String> path) {
        return new Difference(kind, path, true, null, null);
    }
}
