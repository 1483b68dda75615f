package io.github.xdevops.compose.file.variables;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Unescapes backslashes between double quotes in an env file. */
final class Escapes {

    private static final Pattern ESCAPE = Pattern.compile("\\\\([abcfnrtv$\"\\\\]|0[0-9]{0,3})");

    private Escapes() {}

    static String undo(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(one(match.group(1), match.group())));
    }

    private static String one(String letter, String whole) {
        return switch (letter) {
            case "a" -> "\u0007";
            case "b" -> "\b";
            case "f" -> "\f";
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "v" -> "\u000B";
            case "\"" -> "\"";
            case "\\" -> "\\";
            case "$" -> "$$";
            default -> octal(letter, whole);
        };
    }

    private static String octal(String digits, String whole) {
        if (!digits.matches("0[0-3][0-7]{2}")) {
            return whole;
        }
        return String.valueOf((char) Integer.parseInt(digits, 8));
    }
}
