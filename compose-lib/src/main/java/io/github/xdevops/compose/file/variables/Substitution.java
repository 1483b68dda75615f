package io.github.xdevops.compose.file.variables;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compose's variable syntax in one text: {@code $X ${X} ${X:-d} ${X-d} ${X:?e} ${X?e} ${X:+a} ${X+a}}, nested, and {@code $$}.
 *
 * <p>A {@code $} before anything else is literal, as in Compose.
 */
public final class Substitution {

    /** Deeper than anybody writes; each level needs one level of the Java stack. */
    private static final int MAX_DEPTH = 50;

    /** Larger than any value; a variable that is used many times multiplies. */
    static final int MAX_CHARACTERS = 4 * 1024 * 1024;

    private final Variables variables;
    private final Consumer<String> unset;
    private int depth;

    /** A text cannot be substituted; the message gives the reason. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * @param variables the known variables
     * @param unset receives the name of each unset variable without a default
     */
    public Substitution(Variables variables, Consumer<String> unset) {
        this.variables = variables;
        this.unset = unset;
    }

    public String apply(String text) throws Refused {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0 || dollar == text.length() - 1) {
                return out.append(text, at, text.length()).toString();
            }
            bounded(out).append(text, at, dollar);
            char next = text.charAt(dollar + 1);
            if (next == '{') {
                at = braced(text, dollar, out);
            } else if (isNameStart(next)) {
                int end = nameEnd(text, dollar + 1);
                out.append(plain(text.substring(dollar + 1, end)));
                at = end;
            } else {
                out.append('$');
                at = dollar + (next == '$' ? 2 : 1);
            }
        }
        return out.toString();
    }

    private static StringBuilder bounded(StringBuilder out) throws Refused {
        if (out.length() > MAX_CHARACTERS) {
            throw new Refused("the variables make this value larger than 4 MiB");
        }
        return out;
    }

    private int braced(String text, int dollar, StringBuilder out) throws Refused {
        int nameEnd = nameEnd(text, dollar + 2);
        String name = text.substring(dollar + 2, nameEnd);
        if (!name.isEmpty() && text.startsWith("}", nameEnd)) {
            out.append(plain(name));
            return nameEnd + 1;
        }
        boolean colon = text.startsWith(":", nameEnd);
        int operator = nameEnd + (colon ? 1 : 0);
        int close = close(text, dollar);
        if (name.isEmpty() || close < 0 || operator >= text.length() || "-+?".indexOf(text.charAt(operator)) < 0) {
            throw new Refused("`" + excerpt(text, dollar) + "` is not a variable; write $$ where a $ is meant");
        }
        out.append(choose(name, colon, text.charAt(operator), text.substring(operator + 1, close)));
        return close + 1;
    }

    /** Evaluates the default only if it is needed: a variable that only it requires may be unset otherwise. */
    private String choose(String name, boolean colon, char operator, String word) throws Refused {
        String value = variables.get(name);
        boolean present = value != null && !(colon && value.isEmpty());
        if (present == (operator == '+')) {
            String done = nested(word);
            if (operator == '?') {
                throw new Refused(
                        "the variable " + name + " is required and has no value" + (done.isEmpty() ? "" : ": " + done));
            }
            return done;
        }
        return value == null ? "" : value;
    }

    private String nested(String word) throws Refused {
        if (++depth > MAX_DEPTH) {
            throw new Refused("variables nested deeper than " + MAX_DEPTH);
        }
        String done = apply(word);
        depth--;
        return done;
    }

    private String plain(String name) {
        String value = variables.get(name);
        if (value == null) {
            value = formerly(name);
        }
        if (value == null) {
            unset.accept(name);
        }
        return value == null ? "" : value;
    }

    /** yourlabs.compose sets {@code HOST} and {@code PROTO}. A variable with a default, as in {@code ${HOST:-0.0.0.0}}, belongs to the file. */
    private @Nullable String formerly(String name) {
        var url = variables.get("COMPOSE_URL");
        return switch (name) {
            case "HOST" -> variables.get("COMPOSE_HOST");
            case "PROTO" -> url == null ? null : url.replaceFirst(":.*", "");
            default -> null;
        };
    }

    /** The index of the closing brace; if braces do not balance, the last one of the line. */
    private static int close(String text, int dollar) {
        int newline = text.indexOf('\n', dollar);
        int end = newline < 0 ? text.length() : newline;
        int open = 0;
        for (int i = dollar; i < end; i++) {
            if (text.charAt(i) == '}' && --open == 0) {
                return i;
            }
            if (text.charAt(i) == '{') {
                open++;
            }
        }
        int last = text.lastIndexOf('}', end - 1);
        return last > dollar ? last : -1;
    }

    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && (isNameStart(text.charAt(end)) || (end > from && isDigit(text.charAt(end))))) {
            end++;
        }
        return end;
    }

    private static boolean isNameStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String excerpt(String text, int from) {
        String rest = text.substring(from, Math.min(text.length(), from + 24));
        return rest.lines().findFirst().orElse(rest);
    }
}
