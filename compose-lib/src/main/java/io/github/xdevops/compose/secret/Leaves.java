package io.github.xdevops.compose.secret;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a tree, each with its path of keys. A list without mappings is one value. */
public final class Leaves {
    private final Map<List<String>, @Nullable Object> found = new LinkedHashMap<>();

    private Leaves() {}

    public static Map<List<String>, @Nullable Object> of(@Nullable Object tree) {
        var leaves = new Leaves();
        leaves.add(List.of(), tree);
        return leaves.found;
    }

    private void add(List<String> path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, below) -> add(below(path, String.valueOf(key)), below));
        } else if (value instanceof List<?> list && list.stream().anyMatch(Leaves::isBranch)) {
            var targets = list.stream().map(Leaves::target).distinct().toList();
            // Mounts and ports have no order, and are the same where they have the same target.
            var keyed = targets.size() == list.size() && !targets.contains("");
            for (int i = 0; i < list.size(); i++) {
                add(below(path, keyed ? target(list.get(i)) : String.valueOf(i)), list.get(i));
            }
        } else if (value != null || !path.isEmpty()) { // `data:` alone is `data: {}`
            found.put(path, value);
        }
    }

    private static boolean isBranch(@Nullable Object value) {
        return value instanceof Map || value instanceof List;
    }

    private static String target(@Nullable Object item) {
        return item instanceof Map<?, ?> map && map.get("target") != null ? String.valueOf(map.get("target")) : "";
    }

    private static List<String> below(List<String> path, String key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }
}
