package io.github.xdevops.compose.corpus;

import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** What becomes of a compose project: a resolved tree or a refusal. */
public sealed interface Answer {
    /** The resolved tree; numbers are equal when their values are, and the order of keys does not count. */
    record Resolved(Map<String, ?> tree) implements Answer {
        static Resolved parse(String json) {
            return new Resolved(read(json));
        }

        /** JSON with sorted keys, where what fits on a line is on one. */
        String json() {
            var out = new StringBuilder();
            append(out, sorted(tree), "");
            return out.append('\n').toString();
        }

        private static void append(StringBuilder out, @Nullable Object value, String indent) {
            var line = Json.write(value);
            if (line.length() + indent.length() <= 120 && !indent.isEmpty()) {
                out.append(line);
            } else if (value instanceof Map<?, ?> map && !map.isEmpty()) {
                var separator = "{\n";
                for (var entry : map.entrySet()) {
                    out.append(separator).append(indent).append("  ");
                    out.append(Json.write(entry.getKey())).append(": ");
                    append(out, entry.getValue(), indent + "  ");
                    separator = ",\n";
                }
                out.append('\n').append(indent).append('}');
            } else if (value instanceof List<?> list && !list.isEmpty()) {
                var separator = "[\n";
                for (var item : list) {
                    out.append(separator).append(indent).append("  ");
                    append(out, item, indent + "  ");
                    separator = ",\n";
                }
                out.append('\n').append(indent).append(']');
            } else {
                out.append(line);
            }
        }
    }

    /** A refusal; two of them agree, whatever their reasons. */
    record Refused(String reason) implements Answer {}

    /** Reads JSON, or YAML as Compose prints it. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> read(String text) {
        var settings = LoadSettings.builder().setSchema(new JsonSchema()).build();
        return (Map<String, @Nullable Object>) Objects.requireNonNull(new Load(settings).loadFromString(text));
    }

    /** The first place where our answer is another than Compose's, or an empty string. */
    static String difference(Answer compose, Answer ours) {
        if (compose instanceof Resolved theirs && ours instanceof Resolved we) {
            return difference("", theirs.tree(), we.tree());
        }
        if (ours instanceof Refused we && compose instanceof Resolved) {
            return "only we refuse: " + we.reason();
        }
        return compose instanceof Refused theirs && ours instanceof Resolved
                ? "only Compose refuses: " + theirs.reason()
                : "";
    }

    private static String difference(String path, @Nullable Object compose, @Nullable Object ours) {
        if (compose instanceof Map<?, ?> a && ours instanceof Map<?, ?> b) {
            var keys = new TreeSet<String>();
            a.keySet().forEach(key -> keys.add((String) key));
            b.keySet().forEach(key -> keys.add((String) key));
            for (var key : keys) {
                var place = path.isEmpty() ? key : path + "." + key;
                if (!b.containsKey(key)) {
                    return place + ": only Compose has " + Json.write(a.get(key));
                }
                if (!a.containsKey(key)) {
                    return place + ": only we have " + Json.write(b.get(key));
                }
                var inner = difference(place, a.get(key), b.get(key));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        if (compose instanceof List<?> a && ours instanceof List<?> b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                var inner = difference(path + "[" + i + "]", a.get(i), b.get(i));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
            return "";
        }
        var same = (compose instanceof Number a && ours instanceof Number b)
                ? a.doubleValue() == b.doubleValue()
                : Objects.equals(compose, ours);
        return same ? "" : path + ": Compose has " + Json.write(compose) + ", we have " + Json.write(ours);
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            var out = new TreeMap<String, @Nullable Object>();
            map.forEach((key, item) -> out.put((String) key, sorted(item)));
            return out;
        }
        if (value instanceof List<?> list) {
            var out = new ArrayList<@Nullable Object>();
            list.forEach(item -> out.add(sorted(item)));
            return out;
        }
        return value;
    }
}
