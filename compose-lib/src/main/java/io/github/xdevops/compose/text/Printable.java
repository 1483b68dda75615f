package io.github.xdevops.compose.text;

/** Text from a server, made harmless for a terminal and for the log of a pipeline. */
public final class Printable {
    // Commands begin with ## anywhere in a line (Azure Pipelines, TeamCity, GitHub), or with :: at its beginning
    // (GitHub).
    private static final int LONGEST = 1000;

    private Printable() {}

    /** The text as {@link #text} has it, at most 1000 characters long. */
    public static String line(String text) {
        var shown = text(text);
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }

    /** The text without escape sequences, control and direction characters, and nothing that a pipeline would obey. */
    public static String text(String text) {
        var last = text.lastIndexOf('\r', text.length() - 2);
        return text.substring(last + 1)
                .replaceAll("\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)?|\u001b.?", "")
                .replace('\t', ' ')
                .replaceAll("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029\\ufeff]", "")
                .replaceAll("#(?=#)|^\\s*:(?=:)", "$0 ");
    }
}
