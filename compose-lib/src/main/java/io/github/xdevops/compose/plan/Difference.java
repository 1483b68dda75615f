package io.github.xdevops.compose.plan;

import io.github.xdevops.compose.plan.Change.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value that is different; it holds no secret, so that nothing made of it can show one.
 *
 * @param kind whether the value is added, removed or changed
 * @param path the keys that lead to it, below the service, network or whatever has it; an item of a list has its number
 *     or, for mounts and ports, its target
 * @param masked whether the value is secret, or differs only in what is secret; before and after are {@code null} then
 * @param before what the server holds, or {@code null} if it holds nothing there; a list is written as JSON
 * @param after what a deploy would bring, or {@code null} if it would bring nothing there
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
