package io.github.xdevops.compose.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Backslashes between double quotes in a file of variables. */
final class Escapes {

    private static final Pattern ESCAPE = Pattern.compile("\\\\([abcfnrtv$\"\\\\]|0[0-9]{0,3})");

    private Escapes() {}

    static String undo(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(one(match.group(1), match.group())));
    }

    private static String one(String letter, String whole) {
        switch (letter) {
            case "a":
                return "\u0007";
            case "b":
                return "\b";
            case "f":
                return "\f";
            case "n":
                return "\n";
            case "r":
                return "\r";
            case "t":
                return "\t";
            case "v":
                return "\u000B";
            case "\"":
                return "\"";
            case "\\":
                return "\\";
            case "$":
                return "$$";
            default:
                return octal(letter, whole);
        }
    }

    private static String octal(String digits, String whole) {
        if (!digits.matches("0[0-3][0-7]{2}")) {
            return whole;
        }
        return String.valueOf((char) Integer.parseInt(digits, 8));
    }
}
