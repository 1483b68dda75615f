package io.github.xdevops.compose.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes an answer independent of the machine: the parent of the project's directory is {@code /corpus}, and the home {@code ~}. */
public final class Portable {
    private Portable() {}

    /** A tree with portable paths. */
    public static Map<String, @Nullable Object> map(Map<String, ?> tree, Path directory) {
        var out = new LinkedHashMap<String, @Nullable Object>();
        tree.forEach((key, value) -> out.put(key, value(value, directory)));
        return out;
    }

    /** A text with portable paths. */
    public static String text(String text, Path directory) {
        var parent = Objects.requireNonNull(directory.getParent()).toString();
        var home = System.getProperty("user.home") + "/";
        var out = text.replace(parent, "/corpus");
        return out.startsWith(home) ? "~/" + out.substring(home.length()) : out;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object value(@Nullable Object value, Path directory) {
        if (value instanceof String text) {
            return text(text, directory);
        }
        if (value instanceof Map<?, ?> map) {
            return map((Map<String, ?>) map, directory);
        }
        if (value instanceof List<?> list) {
            var out = new ArrayList<@Nullable Object>();
            list.forEach(item -> out.add(value(item, directory)));
            return out;
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            return number.toString(); // JSON has no form for it
        }
        return value;
    }
}
