package io.github.xdevops.compose.secret;

import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which values of compose files are secret, and removes secrets from the others. When in doubt, it hides.
 *
 * <p>It hides everything below {@code environment}, {@code content}, {@code secrets} and {@code x-…}, and below every key that
 * sounds like a secret. In other values, such as commands, it hides passwords that are secret elsewhere in the files. It also
 * hides likely passwords: in URLs, after options, and in assignments whose names sound like one.
 */
public final class Masking {
    private static final String MASK = "***";
    private static final String SECRET =
            "pass(?!through)|pwd|secret|token|key|credential|private|authorization|basic[_-]?auth|digest[_-]?auth";
    // Never tried twice at the same place: what is compared may be long, and not ours.
    private static final String NAME = "(?>[\\w.-]*?(?:" + SECRET + "))[\\w.-]*+(?<![_.-](?:file|path|dir))";
    private static final String VALUE = "(?:(?:bearer|basic|digest)\\s+)?(?:\"[^\"]*\"\\S*|'[^']*'\\S*|\\S+)";
    private static final Pattern SOUNDS_SECRET = Pattern.compile(SECRET, Pattern.CASE_INSENSITIVE);
    /** Variables that contain the location of a secret, not the secret. */
    private static final Pattern NAMES_PLACE = Pattern.compile(".*(?:[_.-](?i:file|path|dir)|[a-z](?:File|Path|Dir))");

    /** The working directory, whose name sounds like a password's. */
    private static final Set<String> DIRECTORIES = Set.of("PWD", "OLDPWD");

    private static final Pattern OPTION = Pattern.compile("(?=-)" + NAME, Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_LOGIN = Pattern.compile("(://)(?:[^\\s/:@]{0,256}:)?(\\S{0,256})@");
    private static final Pattern LOOKS_SECRET = Pattern.compile(
            "((?<!\\S)(?=-)" + NAME + "\\s++"
                    + "|(?<![\\w.-])" + NAME + "[\"']?\\s*+[=:]\\s*+"
                    + "|\\b(?:bearer|basic)\\s++"
                    + "|\\$(?=(?:2[abxy]|apr1|[156y])\\$))"
                    + VALUE,
            Pattern.CASE_INSENSITIVE);
    /** Shorter texts appear in other words by chance. */
    private static final int SHORTEST = 4;

    private final TreeMap<String, Set<String>> known =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private final CommonWords common;

    /** @param files the trees whose secrets are to be hidden in each other's values */
    public Masking(List<Map<String, @Nullable Object>> files) {
        files.forEach(file -> Leaves.of(file).forEach(this::learn));
        common = new CommonWords(files);
    }

    /** Whether a variable or key of this name contains a secret. */
    static boolean soundsSecret(String name) {
        return SOUNDS_SECRET.matcher(name).find()
                && !DIRECTORIES.contains(name)
                && !NAMES_PLACE.matcher(name).matches();
    }

    /** Whether a word of a command is an option whose value, the next word, is secret. */
    static boolean isSecretOption(String word) {
        return OPTION.matcher(word).matches();
    }

    /** The secrets of the files, whole and line by line, with their keys. */
    Map<String, Set<String>> known() {
        return Collections.unmodifiableMap(known);
    }

    /**
     * Whether every value at this path is hidden.
     *
     * @param path from the top of the file
     */
    public boolean hides(List<String> path) {
        var section = path.get(0);
        if (section.equals("secrets") || section.startsWith("x-")) {
            return true;
        }
        // The name of a service or volume does not make the values below it secret.
        return path.stream()
                .skip(2)
                .anyMatch(key -> key.equals("environment")
                        || key.equals("content")
                        || key.startsWith("x-")
                        || soundsSecret(key));
    }

    /** The text of a value that is not hidden. */
    public String shown(List<String> path, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return Json.write(items(path, list));
        }
        var text = String.valueOf(value);
        // An image is public, and its tag looks like an assignment.
        return path.size() == 3 && path.get(2).equals("image") ? text : masked(text);
    }

    /** The texts of the items of a list that is not hidden. */
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
        var shown = MountedFiles.maskedNames(text);
        for (var secret : known.keySet()) {
            if (!common.contains(secret)) {
                shown = shown.replace(secret, MASK);
            }
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
                learn("", logins.group(2));
            }
            if (hides(path) && soundsSecret(meaning(path)) && !isName(path)) {
                var key = path.get(path.size() - 1);
                learn(key, text);
                text.lines().forEach(line -> learn(key, line));
            }
        }
    }

    /** Whether the path is the source or the target of a service's secret or config. */
    private static boolean isName(List<String> path) {
        return path.get(0).equals("secrets")
                ? !path.get(path.size() - 1).equals("content")
                : path.size() > 3 && Set.of("secrets", "configs").contains(path.get(2));
    }

    /** Whether the text is long enough to be hidden inside other texts. */
    static boolean isLong(String stripped) {
        return stripped.length() >= SHORTEST && !stripped.matches("true|false|null|[0-9]{1,5}");
    }

    private static String meaning(List<String> path) {
        return String.join(
                ".", path.get(0).equals("services") ? path.subList(Math.min(2, path.size()), path.size()) : path);
    }

    private void learn(String key, String secret) {
        var stripped = secret.strip();
        if (isLong(stripped)) {
            var keys = known.computeIfAbsent(stripped, none -> new TreeSet<>());
            if (soundsSecret(key)) {
                keys.add(key);
            }
        }
    }
}
