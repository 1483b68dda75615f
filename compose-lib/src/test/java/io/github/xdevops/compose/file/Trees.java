package io.github.xdevops.compose.file;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks a tree in a test. */
final class Trees {

    private Trees() {}

    static Map<?, ?> map(Map<?, ?> tree, String... keys) {
        Object at = tree;
        for (String key : keys) {
            at = child(at, key);
        }
        return (Map<?, ?>) (at == null ? Map.of() : at);
    }

    static @Nullable Object at(Map<?, ?> tree, String... keys) {
        Object at = tree;
        for (String key : keys) {
            at = child(at, key);
        }
        return at;
    }

    private static @Nullable Object child(@Nullable Object node, String key) {
        return node instanceof Map<?, ?> map ? map.get(key) : null;
    }
}
