package io.github.xdevops.compose.it;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The conditions of GitLab and GitHub as far as our pipelines use them: names, strings, ==, !=, &&, || and parentheses. */
final class JobCondition {
    private static final Pattern WORD =
            Pattern.compile("\\s*(&&|\\|\\||==|!=|\\(|\\)|'[^']*'|\"[^\"]*\"|[$A-Za-z_][\\w.]*)\\s*");

    private final List<String> words = new ArrayList<>();
    private final UnaryOperator<String> values;
    private int at;

    private JobCondition(String text, UnaryOperator<String> values) {
        this.values = values;
        var word = WORD.matcher(text);
        var end = 0;
        while (end < text.length()) {
            if (!word.find(end) || word.start() != end) {
                throw new AssertionError("not understood: " + text.substring(end));
            }
            words.add(word.group(1));
            end = word.end();
        }
    }

    /** What it comes to; empty text is false. The values of names that are not known are empty. */
    static String value(String text, UnaryOperator<String> values) {
        var condition = new JobCondition(text.strip(), values);
        var value = condition.or();
        if (condition.at < condition.words.size()) {
            throw new AssertionError("more than was understood: " + text);
        }
        return value;
    }

    static boolean holds(String text, UnaryOperator<String> values) {
        return !value(text, values).isEmpty();
    }

    private String or() {
        var value = and();
        while (takes("||")) {
            var other = and();
            value = value.isEmpty() ? other : value;
        }
        return value;
    }

    private String and() {
        var value = compared();
        while (takes("&&")) {
            var other = compared();
            value = value.isEmpty() ? value : other;
        }
        return value;
    }

    private String compared() {
        var value = single();
        if (takes("==")) {
            return value.equals(single()) ? "true" : "";
        }
        if (takes("!=")) {
            return value.equals(single()) ? "" : "true";
        }
        return value;
    }

    private String single() {
        if (takes("(")) {
            var value = or();
            if (!takes(")")) {
                throw new AssertionError("a parenthesis stays open: " + words);
            }
            return value;
        }
        var word = words.get(at++);
        return word.charAt(0) == '\'' || word.charAt(0) == '"'
                ? word.substring(1, word.length() - 1)
                : values.apply(word);
    }

    private boolean takes(String word) {
        var found = at < words.size() && words.get(at).equals(word);
        at += found ? 1 : 0;
        return found;
    }
}
