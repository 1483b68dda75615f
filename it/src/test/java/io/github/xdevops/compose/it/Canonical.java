package io.github.xdevops.compose.it;

import io.github.xdevops.compose.corpus.Reading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compose's trees told as ours: each difference that is only in how it prints is undone here, with its reason. */
final class Canonical {
    private Canonical() {}

    /**
     * The tree of what a Compose has printed.
     *
     * @param creates what it means by a bind mount that has no {@code create_host_path}
     */
    static Map<String, Object> of(Map<String, Object> printed, boolean creates) {
        Map<String, Object> out = new LinkedHashMap<>(map(singleDollars(printed)));
        var services = map(out.get("services"));
        services.values().forEach(service -> {
            items(map(service).get("volumes")).forEach(mount -> {
                if (mount.get("bind") != null) {
                    map(mount.get("bind")).putIfAbsent("create_host_path", creates);
                }
            });
            Stream.of(map(service), map(map(service).get("build")))
                    .flatMap(user -> Stream.of(user.get("configs"), user.get("secrets")))
                    .flatMap(grants -> items(grants).stream())
                    .forEach(grant -> grant.computeIfPresent("mode", (key, mode) -> number(mode)));
            // Compose prints an empty mode as none, and then reads the default network.
            if (Collections.disjoint(map(service).keySet(), List.of("networks", "network_mode", "provider"))) {
                map(service).put("network_mode", "");
            }
            // Compose prints the names of these files beside the labels from them.
            map(service).remove("label_file");
        });
        // Compose prints no limit as "-1" and refuses that string when it reads it; the number works.
        services.values().forEach(service -> map(service).replace("memswap_limit", "-1", -1L));
        // Compose prints a dependency on a service that its profiles switch off, and then refuses what it printed.
        services.values().forEach(service -> {
            var dependencies = map(map(service).getOrDefault("depends_on", new LinkedHashMap<>()));
            dependencies.keySet().retainAll(services.keySet());
            if (dependencies.isEmpty()) {
                map(service).remove("depends_on");
            }
        });
        // Compose prints an empty config without its content, and then refuses what it printed.
        map(out.get("configs")).values().forEach(config -> {
            if (Collections.disjoint(map(config).keySet(), List.of("file", "environment", "content", "external"))) {
                map(config).put("content", "");
            }
        });
        // Compose prints the same host and address twice when two files write it differently, and refuses what it
        // printed.
        services.values().forEach(service -> {
            if (map(service).get("extra_hosts") instanceof List<?> hosts) {
                map(service).put("extra_hosts", hosts.stream().distinct().toList());
            }
        });
        // The name of the project comes with the deployment; a name made from it would tie the file to one.
        out.remove("name");
        for (var section : List.of("networks", "volumes", "configs", "secrets")) {
            Map<String, Object> all = new LinkedHashMap<>();
            map(out.getOrDefault(section, Map.of())).forEach((key, value) -> {
                Map<String, Object> resource = new LinkedHashMap<>(map(value));
                resource.remove("name", Reading.PROJECT + "_" + key);
                all.put(key, resource);
            });
            if (out.containsKey(section)) {
                out.put(section, all);
            }
        }
        return out;
    }

    /** Newer versions print a mode in octal, with quotes. */
    private static Object number(Object mode) {
        return mode instanceof String text ? Long.parseLong(text, 8) : mode;
    }

    private static List<Map<String, Object>> items(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(Canonical::map).toList()
                : List.of();
    }

    /** A tree with the strings that another print of it has. */
    static Map<String, Object> withStringsOf(Map<String, Object> other, Map<String, Object> tree) {
        return map(strings(other, tree));
    }

    private static @Nullable Object strings(@Nullable Object other, @Nullable Object value) {
        if (value instanceof Map<?, ?> entries && other instanceof Map<?, ?> theirs) {
            Map<Object, @Nullable Object> out = new LinkedHashMap<>();
            entries.forEach((key, item) -> out.put(key, strings(theirs.get(key), item)));
            return out;
        }
        if (value instanceof List<?> items && other instanceof List<?> theirs && items.size() == theirs.size()) {
            List<@Nullable Object> out = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                out.add(strings(theirs.get(i), items.get(i)));
            }
            return out;
        }
        return value instanceof String && other instanceof String ? other : value;
    }

    /** Compose doubles every dollar when it prints, in keys, too; our tree holds the values themselves. */
    private static @Nullable Object singleDollars(@Nullable Object value) {
        if (value instanceof String text) {
            return text.replace("$$", "$");
        }
        if (value instanceof List<?> items) {
            List<@Nullable Object> out = new ArrayList<>();
            items.forEach(item -> out.add(singleDollars(item)));
            return out;
        }
        if (value instanceof Map<?, ?> entries) {
            Map<Object, @Nullable Object> out = new LinkedHashMap<>();
            entries.forEach((key, item) -> out.put(String.valueOf(singleDollars(key)), singleDollars(item)));
            return out;
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
