package io.github.xdevops.compose.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text of somebody else, made fit to be printed. */
public final class Visible {
    private Visible() {}

    /** One line without control and direction characters, at most {@code limit} characters long. */
    public static String line(@Nullable String text, int limit) {
        if (text == null) {
            return "no reason given";
        }
        StringBuilder line = new StringBuilder();
        text.strip().codePoints().limit(4L * limit).forEach(c -> line.appendCodePoint(plain(c) ? c : '·'));
        // Pipelines obey what stands between ## and the end of a line.
        String shown = line.toString().replaceAll("#(?=#)", "# ");
        return shown.length() <= limit ? shown : shown.substring(0, limit) + "…";
    }

    /** The last five lines that say something, each on a line of its own with a mark before it. */
    public static String lastLines(String text) {
        List<String> said = text.lines().filter(line -> !line.isBlank()).toList();
        StringBuilder last = new StringBuilder();
        said.stream()
                .skip(Math.max(0, said.size() - 5))
                .forEach(line -> last.append("\n  | ").append(line(line, 300)));
        return last.toString();
    }

    private static boolean plain(int c) {
        int type = Character.getType(c);
        return c == ' '
                || !(type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.SURROGATE
                        || type == Character.PRIVATE_USE
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR
                        || type == Character.UNASSIGNED);
    }
}
