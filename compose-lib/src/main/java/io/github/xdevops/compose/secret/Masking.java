package io.github.xdevops.compose.secret;

import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells which values of compose files are secret, and writes the others without the secrets in them. In doubt it hides.
 *
 * <p>Hidden as a whole is what stands below {@code environment}, {@code content}, {@code secrets} and {@code x-…}, and
 * below every key that sounds like a secret. In other values, commands for example, it hides passwords that are secret
 * elsewhere in the files, and what looks like one: in URLs, after options and in assignments that sound like it.
 */
public final class Masking {
    private static final String MASK = "***";
    private static final String SECRET =
            "pass(?!through)|pwd|secret|token|key|credential|private|authorization|basic[_-]?auth|digest[_-]?auth";
    // Never tried twice at the same place: what is compared may be long, and not ours.
    private static final String NAME = "(?>[\\w.-]*?(?:" + SECRET + "))[\\w.-]*+";
    private static final String VALUE = "(?:(?:bearer|basic|digest)\\s+)?(?:\"[^\"]*\"\\S*|'[^']*'\\S*|\\S+)";
    private static final Pattern SOUNDS_SECRET = Pattern.compile(SECRET, Pattern.CASE_INSENSITIVE);
    private static final Pattern OPTION = Pattern.compile("(?=-)" + NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_LOGIN = Pattern.compile("(://)(?:[^\\s/:@]{0,256}:)?(\\S{0,256})@");
    private static final Pattern LOOKS_SECRET = Pattern.compile(
            "((?<!\\S)(?=-)" + NAME + "\\s++"
                    + "|(?<![\\w.-])" + NAME + "[\"']?\\s*+[=:]\\s*+"
                    + "|\\b(?:bearer|basic)\\s++"
                    + "|\\$(?=(?:2[abxy]|apr1|[156y])\\$))"
                    + VALUE,
            Pattern.CASE_INSENSITIVE);
    /** What is shorter stands by chance in other words. */
    private static final int SHORTEST = 4;

    private final TreeSet<String> known =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** @param files the trees whose secrets are to be hidden in each other's values */
    public Masking(List<Map<String, @Nullable Object>> files) {
        files.forEach(file -> Leaves.of(file).forEach(this::learn));
    }

    /** Whether the value of a variable or key of this name is to be hidden. */
    static boolean soundsSecret(String name) {
        return SOUNDS_SECRET.matcher(name).find();
    }

    /** The secrets of the files as they are: whole values, and each line of those that have several. */
    Set<String> known() {
        return Collections.unmodifiableSet(known);
    }

    /** @param path from the top of the file */
    public boolean hides(List<String> path) {
        var section = path.get(0);
        if (section.equals("secrets") || section.startsWith("x-")) {
            return true;
        }
        // The name of a service or volume says nothing about the values below it.
        return path.stream()
                .skip(2)
                .anyMatch(key -> key.equals("environment")
                        || key.equals("content")
                        || key.startsWith("x-")
                        || soundsSecret(key));
    }

    /** A value that is not hidden, as text. */
    public String shown(List<String> path, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return Json.write(items(path, list));
        }
        var text = String.valueOf(value);
        // An image is public, and its tag looks like an assignment.
        return path.size() == 3 && path.get(2).equals("image") ? text : masked(text);
    }

    /** The items of a list that is not hidden, each as text. */
    public List<String> items(List<String> path, List<?> list) {
        var items = new ArrayList<String>();
        var option = false;
        for (var item : list) {
            var text = String.valueOf(item);
            items.add(option ? MASK : shown(path, text));
            option = OPTION.matcher(text).matches();
        }
        return items;
    }

    private String masked(String text) {
        var shown = text;
        for (var secret : known) {
            shown = shown.replace(secret, MASK);
        }
        shown = URL_LOGIN.matcher(shown).replaceAll("$1" + MASK + "@");
        return LOOKS_SECRET.matcher(shown).replaceAll("$1" + MASK);
    }

    private void learn(List<String> path, @Nullable Object value) {
        var items = value instanceof List<?> list ? list : List.of(String.valueOf(value));
        for (var item : items) {
            var text = String.valueOf(item);
            var logins = URL_LOGIN.matcher(text);
            while (logins.find()) {
                learn(logins.group(2));
            }
            if (hides(path) && soundsSecret(meaning(path))) {
                learn(text);
                text.lines().forEach(this::learn);
            }
        }
    }

    private static String meaning(List<String> path) {
        return String.join(
                ".", path.get(0).equals("services") ? path.subList(Math.min(2, path.size()), path.size()) : path);
    }

    private void learn(String secret) {
        var stripped = secret.strip();
        if (stripped.length() >= SHORTEST && !stripped.matches("true|false|null|[0-9]{1,5}")) {
            known.add(stripped);
        }
    }
}
