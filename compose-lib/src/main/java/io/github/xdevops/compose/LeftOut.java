package io.github.xdevops.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a review environment does not get although the compose file asks for it, by its paths. */
final class LeftOut {
    private final Map<String, @Nullable Object> after;
    private final List<String> paths = new ArrayList<>();

    private LeftOut(Map<String, @Nullable Object> after) {
        this.after = after;
    }

    static List<String> between(Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
        var leftOut = new LeftOut(after);
        leftOut.of(before, "services", List.of("ports", "container_name"));
        leftOut.of(before, "networks", List.of("name", "external", "driver", "driver_opts", "ipam"));
        leftOut.of(before, "volumes", List.of("name", "external", "driver", "driver_opts"));
        return leftOut.paths;
    }

    private void of(Map<String, @Nullable Object> before, String kind, List<String> keys) {
        map(before.get(kind)).forEach((name, definition) -> {
            var kept = map(map(after.get(kind)).get(name));
            var path = kind + "." + name + ".";
            keys.stream()
                    .filter(key -> map(definition).containsKey(key) && !kept.containsKey(key))
                    .forEach(key -> paths.add(path + key));
            map(map(definition).get("labels")).keySet().stream()
                    .filter(label ->
                            String.valueOf(label).toLowerCase(Locale.ROOT).startsWith("traefik.")
                                    && !map(kept.get("labels")).containsKey(label))
                    .forEach(label -> paths.add(path + "labels." + label));
        });
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
