package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Overrides of single values from the command line, as an overlay. */
final class ServiceOverrides {
    /** Keys whose names may contain dots: {@code labels.com.example.team}. */
    private static final Set<String> NAMES = Set.of("environment", "labels", "annotations", "sysctls", "extra_hosts");

    private static final Pattern BARE = Pattern.compile("true|false|-?(0|[1-9][0-9]{0,15})");

    private ServiceOverrides() {}

    static String overlay(Map<String, @Nullable Object> tree, Map<String, String> values) {
        var services = tree.get("services") instanceof Map<?, ?> map ? map.keySet() : Set.of();
        var changes = new LinkedHashMap<String, Object>();
        values.forEach((path, value) -> put(changes, service(path, services), path, value));
        return "services: " + flow(changes) + "\n";
    }

    /** Finds the service of a path. A service's name may contain dots, so it is looked up and not cut out. */
    private static String service(String path, Set<?> services) {
        for (var service : services) {
            if (path.startsWith(service + ".")) {
                return service.toString();
            }
        }
        throw ComposeException.usage("compose.services." + path + " does not name a service; there are " + services);
    }

    private static void put(Map<String, Object> changes, String service, String path, String value) {
        var at = changes;
        var key = service;
        var rest = path.substring(service.length() + 1);
        while (!rest.isEmpty()) {
            at = inner(at, key, path);
            var dot = NAMES.contains(key) ? -1 : rest.indexOf('.');
            key = dot < 0 ? rest : rest.substring(0, dot);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        if (key.isEmpty() || at.put(key, yaml(value, path)) instanceof Map) {
            throw ComposeException.usage("compose.services." + path + " is set twice, or has an empty key");
        }
    }

    @SuppressWarnings("unchecked") // only maps of this kind are put in
    private static Map<String, Object> inner(Map<String, Object> map, String key, String path) {
        var inner = map.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
        if (!(inner instanceof Map)) {
            throw ComposeException.usage(
                    "compose.services." + path + " is below a key that is also set: remove one of them");
        }
        return (Map<String, Object>) inner;
    }

    private static Object yaml(String value, String path) {
        if (value.isEmpty()) {
            return List.of("!reset null");
        }
        var names = NAMES.stream().anyMatch(key -> path.contains("." + key + "."));
        var structured = value.startsWith("[") || value.startsWith("{");
        return List.of(!names && (structured || BARE.matcher(value).matches()) ? value : Json.write(value));
    }

    private static String flow(Map<?, ?> map) {
        var text = new StringBuilder("{");
        map.forEach((key, value) -> text.append(text.length() == 1 ? "" : ", ")
                .append(Json.write(key))
                .append(": ")
                .append(value instanceof Map<?, ?> inner ? flow(inner) : ((List<?>) value).get(0)));
        return text.append('}').toString();
    }
}
