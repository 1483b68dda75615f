package io.github.xdevops.compose.text;

import java.util.Locale;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes foreign text safe for terminals and pipeline logs: removes escape sequences, control and format characters, and pipeline
 * commands.
 */
public final class Printable {
    private static final int LONGEST = 1000;
    private static final int LAST_LINES = 5;

    private static final Pattern ESCAPE_SEQUENCES =
            Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b\n]*(\u0007|\u001b\\\\)?|\u001b[^\n]?");
    /** GitHub ignores every kind of blank before the two colons. */
    private static final Pattern COMMAND_AT_START = Pattern.compile("(?m)^([[\\s\\p{Z}]&&[^\n]]*:)(?=:)");
    /** Azure Pipelines, TeamCity and GitHub accept two of them anywhere in a line. */
    private static final Pattern TWO_HASHES = Pattern.compile("#(?=#)");

    /** GitLab's section markers, followed by a digit. */
    private static final Pattern SECTION_MARK = Pattern.compile("(section_(?:start|end)):(?=[0-9])");

    private Printable() {}

    /** Cleans lines of text; line ends stay. Of a line that overwrites itself, the end is kept. */
    public static String text(String text) {
        if (isHarmless(text)) {
            return text;
        }
        var plain = ESCAPE_SEQUENCES.matcher(text).replaceAll("");
        var shown = Stream.of(plain.split("\n", -1)).map(Printable::last).collect(Collectors.joining("\n"));
        return withoutCommands(withoutHidden(shown.replace('\t', ' '), c -> c == '\n' ? "\n" : ""));
    }

    /** Cleans one line of at most 1000 characters. */
    public static String line(String text) {
        return line(text, LONGEST);
    }

    /** Cleans one line of at most {@code limit} characters; line ends become blanks. */
    public static String line(@Nullable String text, int limit) {
        if (text == null) {
            return "no reason given";
        }
        var shown = withoutCommands(text(withoutEnd(text)).replace('\n', ' '));
        return shown.length() <= limit ? shown : shown.substring(0, limit) + "…";
    }

    /** Cleans one line and writes invisible characters as {@code \}{@code u001b}, for error messages. */
    public static String escaped(String text) {
        return withoutCommands(withoutHidden(text, c -> String.format(Locale.ROOT, "\\u%04x", c)));
    }

    /** Cleans JSON, or YAML whose strings are JSON strings, without changing its meaning: only quoted text can be a command. */
    public static String quoted(String document) {
        var hidden = withoutHidden(
                document,
                c -> c == '\n' ? "\n" : c <= 0xffff ? String.format(Locale.ROOT, "\\u%04x", c) : Character.toString(c));
        return SECTION_MARK
                .matcher(TWO_HASHES.matcher(hidden).replaceAll("\\\\u0023"))
                .replaceAll("$1\\\\u003a");
    }

    /** The last five non-empty lines, each on its own line with a mark before it. */
    public static String lastLines(String text) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - LAST_LINES))
                .map(line -> "\n  | " + line(line, 300))
                .collect(Collectors.joining());
    }

    /** The visible end of a line that restarts after each carriage return. */
    private static String last(String line) {
        return line.substring(line.lastIndexOf('\r', line.length() - 2) + 1);
    }

    private static String withoutEnd(String text) {
        var end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    private static String withoutCommands(String text) {
        var apart = TWO_HASHES.matcher(text).replaceAll("# ");
        return COMMAND_AT_START
                .matcher(SECTION_MARK.matcher(apart).replaceAll("$1 :"))
                .replaceAll("$1 ");
    }

    private static String withoutHidden(String text, IntFunction<String> instead) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isHidden(c)) {
                shown.append(instead.apply(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static boolean isHidden(int c) {
        return c < 0x20
                || (c > 0x7e
                        && switch (Character.getType(c)) {
                            case Character.CONTROL,
                                    Character.FORMAT,
                                    Character.SURROGATE,
                                    Character.PRIVATE_USE,
                                    Character.LINE_SEPARATOR,
                                    Character.PARAGRAPH_SEPARATOR,
                                    Character.UNASSIGNED -> true;
                            default -> false;
                        });
    }

    /** Whether the text needs no change, which is the common case; logs may be long. */
    private static boolean isHarmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '#' || c == ':') {
                return false;
            }
        }
        return true;
    }
}
