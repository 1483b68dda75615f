package io.github.xdevops.compose.file.tree;

import java.util.List;
import java.util.Optional;

/** Distinguishes tabs that YAML allows from those that it does not. The parser refuses all tabs between a key and its value. */
final class Tabs {

    private final List<String> lines;

    Tabs(String text) {
        this.lines = text.indexOf('\t') < 0 ? List.of() : List.of(text.split("\r\n|\r|\n", -1));
    }

    /** Whether a tab is part of the indentation before this place. */
    boolean indent(Mark mark) {
        if (mark.line() < 1 || mark.line() > lines.size()) {
            return false;
        }
        String line = lines.get(mark.line() - 1);
        String before = line.substring(0, Math.min(line.length(), mark.column() - 1));
        return before.isBlank() && before.indexOf('\t') >= 0;
    }

    /** Replaces tabs after a colon that the parser refused by spaces; returns the same text if there are none. */
    static String spaced(String text, Optional<org.snakeyaml.engine.v2.exceptions.Mark> complaint) {
        if (complaint.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, complaint.get().getIndex());
        int from = first;
        while (from > 0 && isBlank(text.charAt(from - 1))) {
            from--;
        }
        int to = first;
        while (to < text.length() && isBlank(text.charAt(to))) {
            to++;
        }
        boolean separates = from > 0 && from < to && text.charAt(from - 1) == ':';
        return separates ? text.substring(0, from) + " ".repeat(to - from) + text.substring(to) : text;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
