package io.github.xdevops.compose.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every difference that is meant, with its reason; what is not undone here must be equal. */
final class Differences {

    private Differences() {}

    /** Compose's tree, told as we would tell it. */
    static Map<String, Object> undone(Map<String, Object> compose) {
        Map<String, Object> out = new LinkedHashMap<>(map(singleDollars(compose)));
        // Compose prints no limit as "-1" and refuses that string when it reads it; the number works.
        map(out.get("services")).values().forEach(service -> map(service).replace("memswap_limit", "-1", -1L));
        // Compose prints a dependency on a service that its profiles switch off, and then refuses what it printed.
        Map<String, Object> services = map(out.get("services"));
        services.values().forEach(service -> {
            Map<String, Object> dependencies = map(map(service).getOrDefault("depends_on", new LinkedHashMap<>()));
            dependencies.keySet().retainAll(services.keySet());
            if (dependencies.isEmpty()) {
                map(service).remove("depends_on");
            }
        });
        // Compose prints an empty config without its content, and then refuses what it printed.
        map(out.get("configs")).values().forEach(config -> {
            if (java.util.Collections.disjoint(
                    map(config).keySet(), List.of("file", "environment", "content", "external"))) {
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
        for (String section : List.of("networks", "volumes", "configs", "secrets")) {
            Map<String, Object> all = new LinkedHashMap<>();
            map(out.getOrDefault(section, Map.of())).forEach((key, value) -> {
                Map<String, Object> resource = new LinkedHashMap<>(map(value));
                resource.remove("name", Oracle.PROJECT + "_" + key);
                all.put(key, resource);
            });
            if (out.containsKey(section)) {
                out.put(section, all);
            }
        }
        return out;
    }

    /** Compose doubles every dollar when it prints, in keys, too; our tree holds the values themselves. */
    static @Nullable Object singleDollars(@Nullable Object value) {
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
    static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    /** The first place where two trees differ, or an empty string; the order of keys does not count. */
    static String first(String path, @Nullable Object compose, @Nullable Object ours, Supplier<Object> json) {
        if (compose instanceof Map<?, ?> a && ours instanceof Map<?, ?> b) {
            TreeMap<String, Object> keys = new TreeMap<>();
            a.keySet().forEach(key -> keys.put(String.valueOf(key), key));
            b.keySet().forEach(key -> keys.put(String.valueOf(key), key));
            for (Object key : keys.values()) {
                if (a.containsKey(key) != b.containsKey(key)) {
                    return path + "." + key
                            + (a.containsKey(key)
                                    ? ": only Compose has " + a.get(key)
                                    : ": only we have " + b.get(key));
                }
                String inner = first(path + "." + key, a.get(key), b.get(key), () -> below(json.get(), key));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        if (compose instanceof List<?> a && ours instanceof List<?> b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                int index = i;
                String inner = first(path + "[" + i + "]", a.get(i), b.get(i), () -> below(json.get(), index));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        boolean same = (compose instanceof Number a && ours instanceof Number b)
                ? a.doubleValue() == b.doubleValue()
                : java.util.Objects.equals(compose, ours);
        // Compose's YAML loses a line break at the start of a text; its JSON does not.
        boolean printed = !same && compose instanceof String && ours instanceof String && ours.equals(json.get());
        return same || printed ? "" : path + ": Compose has " + shown(compose) + ", we have " + shown(ours);
    }

    private static @Nullable Object below(@Nullable Object node, Object key) {
        if (node instanceof List<?> items && key instanceof Integer index && index < items.size()) {
            return items.get(index);
        }
        return node instanceof Map<?, ?> entries ? entries.get(key) : null;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "nothing" : value + " (" + value.getClass().getSimpleName() + ")";
    }
}
