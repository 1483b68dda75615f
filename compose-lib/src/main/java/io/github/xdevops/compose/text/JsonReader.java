package io.github.xdevops.compose.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses one JSON document. A YAML parser would accept more. */
final class JsonReader {

    private static final int MAX_LENGTH = 4_000_000;
    private static final int MAX_DEPTH = 50;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][-+]?[0-9]++)?");

    private final String text;
    private int at;
    private int depth;

    JsonReader(String text) {
        this.text = text;
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("JSON of more than " + MAX_LENGTH + " characters");
        }
    }

    @Nullable
    Object document() {
        Object value = value();
        skipSpace();
        if (at < text.length()) {
            throw wrong("text after the end");
        }
        return value;
    }

    private @Nullable Object value() {
        skipSpace();
        if (at >= text.length()) {
            throw wrong("the end where a value should be");
        }
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        enter();
        while (!closes('}', out.isEmpty())) {
            skipSpace();
            int place = at;
            String key = string();
            skipSpace();
            expect(':');
            Object value = value();
            if (out.containsKey(key)) {
                at = place;
                throw wrong("the key \"" + key + "\" a second time");
            }
            out.put(key, value);
        }
        depth--;
        return Collections.unmodifiableMap(out);
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> out = new ArrayList<>();
        enter();
        while (!closes(']', out.isEmpty())) {
            out.add(value());
        }
        depth--;
        return Collections.unmodifiableList(out);
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw wrong("more than " + MAX_DEPTH + " levels");
        }
    }

    /** Whether the bracket closes here; consumes it, or the comma before the next item. */
    private boolean closes(char bracket, boolean first) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == bracket) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private void expect(char c) {
        if (at >= text.length() || text.charAt(at) != c) {
            throw wrong("something else where '" + c + "' should be");
        }
        at++;
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return whole(out.toString());
            }
            if (c < 0x20) {
                throw wrong("a control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw wrong("a string without an end");
    }

    private String whole(String text) {
        if (text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            throw wrong("half of a surrogate pair");
        }
        return text;
    }

    private char escape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        if (c == 'u') {
            String digits = text.substring(at, Math.min(at + 4, text.length()));
            if (!digits.matches("[0-9a-fA-F]{4}")) {
                throw wrong("\\u without four digits");
            }
            at += 4;
            return (char) Integer.parseInt(digits, 16);
        }
        int known = "\"\\/bfnrt".indexOf(c);
        if (known < 0) {
            throw wrong("an unknown escape");
        }
        return "\"\\/\b\f\n\r\t".charAt(known);
    }

    private @Nullable Object word() {
        if (text.startsWith("null", at)) {
            at += 4;
            return null;
        }
        if (text.startsWith("true", at) || text.startsWith("false", at)) {
            boolean truth = text.charAt(at) == 't';
            at += truth ? 4 : 5;
            return truth;
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw wrong("something that is not a value");
        }
        at = number.end();
        return number(number.group(), number.group(2) == null && number.group(3) == null);
    }

    private Object number(String digits, boolean whole) {
        if (whole && digits.length() < 21) {
            try {
                return Long.valueOf(digits);
            } catch (NumberFormatException e) {
                return Double.valueOf(digits);
            }
        }
        double number = Double.parseDouble(digits);
        if (Double.isInfinite(number)) {
            throw wrong("a number beyond every bound");
        }
        return number;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("not JSON at character " + (at + 1) + ": " + problem);
    }
}
