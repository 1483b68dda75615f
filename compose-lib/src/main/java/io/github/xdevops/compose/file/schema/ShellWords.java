package io.github.xdevops.compose.file.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a command line into words like Compose: quotes and backslashes as in a shell, nothing else.
 *
 * <p>Everything after an unquoted {@code ; & | < >} is dropped, as Compose does, because no shell runs the command.
 */
public final class ShellWords {

    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean started;
    private boolean escaped;
    private char quote;

    private ShellWords() {}

    /** The words, or null when a quote or a parenthesis is not closed. */
    static @Nullable public List<String> split(String line) {
        return new ShellWords().run(line);
    }

    private @Nullable List<String> run(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (escaped) {
                add(c);
                escaped = false;
            } else if (c == '\\' && quote != '\'') {
                escaped = true;
            } else if (" \t\r\n".indexOf(c) >= 0) {
                space(c);
            } else if (quote == 0 && ";&|<>".indexOf(c) >= 0) {
                dropFileNumber(c);
                break;
            } else if (!special(c)) {
                return null;
            }
        }
        if (started) {
            words.add(word.toString());
        }
        return escaped || quote != 0 ? null : words;
    }

    private void space(char c) {
        if (quote != 0) {
            word.append(c);
        } else if (started) {
            words.add(word.toString());
            word.setLength(0);
            started = false;
        }
    }

    /** Drops a file number such as the 2 of {@code 2>}. */
    private void dropFileNumber(char c) {
        if (c == '>' && word.length() > 0 && word.charAt(0) >= '0' && word.charAt(0) <= '9') {
            started = false;
        }
    }

    /** Handles quotes, backticks and {@code $( )}; false for a misplaced parenthesis. */
    private boolean special(char c) {
        if ((c == '"' && quote != '\'' && quote != '(') || (c == '\'' && quote != '"' && quote != '(')) {
            toggle(c);
            return true;
        }
        if ((c == '`' && (quote == 0 || quote == '`')) || (c == ')' && quote == '(')) {
            quote = quote == 0 ? c : 0;
        } else if (c == '(' && quote == 0) {
            if (word.length() == 0 || word.charAt(word.length() - 1) != '$') {
                return false;
            }
            quote = '(';
        } else if (c == ')' && quote == 0) {
            return false;
        }
        add(c);
        return true;
    }

    private void toggle(char c) {
        if (quote == 0) {
            quote = c;
        } else {
            quote = 0;
            started = true;
        }
    }

    private void add(char c) {
        word.append(c);
        started = true;
    }
}
