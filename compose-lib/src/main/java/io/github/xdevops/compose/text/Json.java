package io.github.xdevops.compose.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON by RFC 8259: strict parsing, output on one line. */
public final class Json {

    private Json() {}

    /**
     * Parses a document: null, Boolean, Long, Double, String, and unmodifiable lists and maps in the order of the text.
     *
     * <p>A whole number beyond 64 bits becomes a Double. It refuses documents over 4 million characters or 50 levels, duplicate
     * keys, unpaired surrogates, and anything else that is not JSON.
     *
     * @throws IllegalArgumentException when the text is no such document; the message says where
     */
    public static @Nullable Object parse(String json) {
        return new JsonReader(json).document();
    }

    /**
     * Writes a value as JSON on one line: null, Boolean, String, Number, Map with String keys, Iterable.
     *
     * @throws IllegalArgumentException for any other value, for a number that is not finite, and for half of a surrogate pair
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof String text) {
            string(text, out);
        } else if (value instanceof Map<?, ?> map) {
            object(map, out);
        } else if (value instanceof Iterable<?> items) {
            String separator = "[";
            for (Object item : items) {
                out.append(separator);
                write(item, out);
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value == null || value instanceof Boolean || isFinite(value)) {
            out.append(value);
        } else {
            throw new IllegalArgumentException(
                    "JSON has no form for " + value.getClass().getSimpleName() + " " + value);
        }
    }

    private static boolean isFinite(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    private static void object(Map<?, ?> map, StringBuilder out) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException("a key of a JSON object must be a string, not " + entry.getKey());
            }
            string(key, out);
            out.append(':');
            write(entry.getValue(), out);
            separator = ",";
        }
        out.append(separator.equals("{") ? "{}" : "}");
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int letter = "\"\\\n\r\t\b\f".indexOf(c);
            if (c >= 0xD800 && c <= 0xDFFF) {
                throw new IllegalArgumentException("half of a surrogate pair cannot be written");
            } else if (letter >= 0) {
                out.append('\\').append("\"\\nrtbf".charAt(letter));
            } else if (Characters.isHidden(c)) {
                out.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        }
        out.append('"');
    }
}
