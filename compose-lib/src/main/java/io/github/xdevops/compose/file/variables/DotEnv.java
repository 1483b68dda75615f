package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Mark;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses an env file in Compose's syntax: {@code NAME=value}, {@code NAME: value}, quotes, comments, {@code export}, and
 * variables in values. A name alone inherits its value.
 */
public final class DotEnv {

    private final String file;
    private final String text;
    private final Variables outside;
    private final Variables earlier;
    private final Map<String, String> out = new LinkedHashMap<>();
    private int at;
    private long characters;

    private DotEnv(String text, String file, Variables outside, Variables earlier) {
        this.text = text;
        this.file = file;
        this.outside = outside;
        this.earlier = earlier;
    }

    /** Parses a file without outer variables. */
    public static Map<String, String> parse(byte[] bytes, String file, Variables outside) {
        return parse(bytes, file, outside, name -> null);
    }

    /**
     * The variables of a file, in its order.
     *
     * @param outside values that win over those of the file
     * @param earlier values for names that neither the outside nor this file sets
     */
    public static Map<String, String> parse(byte[] bytes, String file, Variables outside, Variables earlier) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        DotEnv reader = new DotEnv(text.startsWith("\uFEFF") ? text.substring(1) : text, file, outside, earlier);
        while (reader.nextStatement()) {
            reader.statement();
        }
        return reader.out;
    }

    /** Skips empty lines and comments. */
    private boolean nextStatement() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (isSpace(c)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void statement() {
        if (text.startsWith("export", at) && at + 6 < text.length() && isSpace(text.charAt(at + 6))) {
            at += 6;
            skipBlanks();
        }
        int start = at;
        while (at < text.length() && "=:\n".indexOf(text.charAt(at)) < 0) {
            int c = text.codePointAt(at);
            if (!isBlank(c) && "_.-[]".indexOf(c) < 0 && !Character.isLetter(c) && !isNumber(c)) {
                throw wrong("unexpected \"" + Character.toString(c) + "\" in the name of a variable");
            }
            at += Character.charCount(c);
        }
        boolean ended = at >= text.length();
        boolean bare = ended || text.charAt(at) == '\n';
        String name = trimEnd(text.substring(start, at));
        if (name.indexOf(' ') >= 0) {
            throw wrong("a name of a variable must not contain a space");
        }
        at = ended ? at : at + 1;
        if (bare) {
            String value = ended ? null : outside.get(name);
            if (value != null) {
                out.put(name, value);
            }
            skipBlanks();
            return;
        }
        skipBlanks();
        String value = value();
        if (!name.isEmpty()) {
            out.put(name, value);
        }
    }

    private String value() {
        char quote = at < text.length() ? text.charAt(at) : 0;
        if (quote != '"' && quote != '\'') {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            String raw = text.substring(at, end);
            at = newline < 0 ? end : end + 1;
            int comment = raw.indexOf(" #");
            return expand(trimEnd(comment < 0 ? raw : raw.substring(0, comment)));
        }
        StringBuilder raw = new StringBuilder();
        boolean escaped = false;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote && !escaped) {
                at = i + 1;
                return quote == '"' ? expand(Escapes.undo(raw.toString())) : raw.toString();
            }
            if (c == '\\' && !escaped) {
                escaped = true;
                continue;
            }
            if (escaped && c != quote) {
                raw.append('\\');
            }
            escaped = false;
            raw.append(c);
        }
        throw wrong("a quote is not closed");
    }

    private String expand(String value) {
        try {
            Variables known = outside.or(Variables.of(out)).or(earlier);
            String done = new Substitution(known, name -> {}).apply(value);
            characters += done.length();
            if (characters > Substitution.MAX_CHARACTERS) {
                throw wrong("the variables of this file become larger than 4 MiB");
            }
            return done;
        } catch (Substitution.Refused e) {
            throw wrong(e.reason());
        }
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static String trimEnd(String value) {
        int end = value.length();
        while (end > 0 && isSpace(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(0, end);
    }

    private static boolean isBlank(int c) {
        return c == '\t' || c == 0x0B || c == '\f' || c == '\r' || c == ' ' || c == 0x85 || c == 0xA0;
    }

    private static boolean isSpace(int c) {
        return c == '\n' || isBlank(c) || c == 0x2028 || c == 0x2029 || Character.isSpaceChar(c);
    }

    private static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private ComposeFileException wrong(String problem) {
        int line = 1
                + (int) text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return ComposeFileException.at(new Mark(file, line, 0), problem);
    }
}
