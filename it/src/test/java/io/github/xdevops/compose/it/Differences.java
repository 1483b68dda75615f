package io.github.xdevops.compose.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every difference that is meant, with its reason; what is not undone here must be equal. */
final class Differences {

    private Differences() {}

    /** Compose's tree, told as we would tell it. */
    static Map<String, Object> undone(Map<String, Object> compose) {
        Map<String, Object> out = new LinkedHashMap<>(map(singleDollars(compose)));
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
    static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    /** The first place where two trees differ, or an empty string; the order of keys does not count. */
    static String first(String path, @Nullable Object compose, @Nullable Object ours) {
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
                String inner = first(path + "." + key, a.get(key), b.get(key));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        if (compose instanceof List<?> a && ours instanceof List<?> b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                String inner = first(path + "[" + i + "]", a.get(i), b.get(i));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        boolean same = compose instanceof Number a && ours instanceof Number b
                ? a.doubleValue() == b.doubleValue()
                : java.util.Objects.equals(compose, ours);
        return same ? "" : path + ": Compose has " + shown(compose) + ", we have " + shown(ours);
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "nothing" : value + " (" + value.getClass().getSimpleName() + ")";
    }
}
