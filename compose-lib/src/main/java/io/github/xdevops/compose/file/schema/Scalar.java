package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Numbers;
import io.github.xdevops.compose.file.tree.Scalars;
import io.github.xdevops.compose.file.tree.Warnings;
import io.github.xdevops.compose.text.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A single word or number, with its type in Compose. */
final class Scalar extends Shape {

    private static final Pattern CONTAINER_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /** A description of the expected value. */
    private final String expected;

    /** The words that this version knows; empty if every word is accepted. */
    private final List<String> words;

    private final Pattern others;

    private final Accepts accepts;
    private final Finish finish;
    private final boolean keepsZero;

    /** Tests whether a value is of the right kind. */
    interface Accepts {
        boolean test(Object value);
    }

    /** Converts a value to its type; null if it has none. */
    interface Finish {
        @Nullable
        Object apply(Object value);
    }

    private Scalar(String expected, Accepts accepts, Finish finish, boolean keepsZero) {
        this(expected, accepts, finish, keepsZero, List.of(), NOTHING);
    }

    private Scalar(
            String expected, Accepts accepts, Finish finish, boolean keepsZero, List<String> words, Pattern others) {
        this.words = words;
        this.others = others;
        this.expected = expected;
        this.accepts = accepts;
        this.finish = finish;
        this.keepsZero = keepsZero;
    }

    static Scalar text() {
        return new Scalar("a string", v -> v instanceof String, v -> v, false);
    }

    /** A word of a known set. An unknown word may come from a later Compose; a misspelt one is refused. */
    static Scalar text(String... words) {
        return new Scalar("a string", v -> v instanceof String, v -> v, false, List.of(words), NOTHING);
    }

    /** Accepts further words by a pattern. */
    Scalar orMatching(String pattern) {
        return new Scalar(expected, accepts, finish, keepsZero, words, Pattern.compile(pattern));
    }

    /** A string; like Compose, accepts true and false. */
    static Scalar textOrFlag() {
        return new Scalar("a string", v -> v instanceof String || v instanceof Boolean, Scalars::text, false);
    }

    /** A string; like Compose, accepts a whole number. */
    static Scalar textOrWhole() {
        return new Scalar("a string", v -> v instanceof String || v instanceof Long, Scalars::text, false);
    }

    /** True, false or one of their synonyms; false is left out. */
    static Scalar flag() {
        return new Scalar("true or false", v -> truth(v) != null, Scalar::truth, false);
    }

    static Scalar whole() {
        return whole(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    static Scalar whole(long min, long max) {
        String range = min == Long.MIN_VALUE ? "" : " from " + min + (max == Long.MAX_VALUE ? "" : " to " + max);
        return new Scalar("a whole number" + range, v -> within(Numbers.integral(v), min, max), Numbers::whole, false);
    }

    static Scalar containerName() {
        return new Scalar(
                "a name of at least two letters, digits, dots, dashes or underscores",
                v -> v instanceof String text && CONTAINER_NAME.matcher(text).find(),
                v -> v,
                false);
    }

    /** A file mode: a number, or a string of octal digits. */
    static Scalar mode() {
        return new Scalar(
                "the mode of a file such as 0440",
                v -> within(Numbers.mode(v), 0, 4294967295L),
                v -> Numbers.mode(v),
                false);
    }

    /** A number or a numeric string; a fraction is cut off. */
    static Scalar truncated() {
        return new Scalar("a whole number", v -> Numbers.whole(v) != null, Numbers::whole, false);
    }

    static Scalar truncated(long min) {
        return new Scalar(
                "a whole number from " + min,
                v -> within(Numbers.whole(v), min, Long.MAX_VALUE),
                Numbers::whole,
                false);
    }

    /** A whole number, not as a string. */
    static Scalar plainWhole(long min, long max) {
        return new Scalar(
                "a whole number from " + min + " to " + max,
                v -> v instanceof Number && within(Numbers.integral(v), min, max),
                Numbers::whole,
                false);
    }

    /** A number, not as a string. */
    static Scalar plainNumber() {
        return new Scalar("a number", v -> v instanceof Number, Numbers::whole, false);
    }

    static Scalar number() {
        return new Scalar("a number", v -> Numbers.single(v) != null, Numbers::single, false);
    }

    /** An amount of memory, written as bytes in a string like Compose does. */
    static Scalar size() {
        return new Scalar(
                "a size such as 512m or 2gb",
                v -> v instanceof Number || (v instanceof String t && Sizes.bytes(t) != null),
                v -> zero(v instanceof String t ? Sizes.bytes(t) : v instanceof Long number ? number : null),
                false);
    }

    static Scalar sizeText() {
        return new Scalar(
                "a size such as \"512m\" or \"2gb\"",
                v -> v instanceof String t && Sizes.bytes(t) != null,
                v -> zero(Sizes.bytes((String) v)),
                false);
    }

    static Scalar duration() {
        return new Scalar(
                "a duration such as 90s or 1m30s",
                v -> v instanceof String t && Durations.nanoseconds(t) != null,
                v -> Durations.canonical((String) v),
                false);
    }

    /** Keeps the value even if it is false, zero or empty. */
    Scalar kept() {
        return new Scalar(expected, accepts, finish, true, words, others);
    }

    @Override
    public void check(Node node, KeyPath path, Warnings warnings) {
        Object value = node.value();
        if (value == null || !accepts.test(value)) {
            throw wrong(node, path, expected);
        }
        if (!words.isEmpty()
                && !words.contains(value)
                && !others.matcher(node.text()).matches()) {
            unknown(node, path, warnings);
        }
    }

    private void unknown(Node node, KeyPath path, Warnings warnings) {
        String known = "one of " + String.join(", ", words);
        if (node.text().isEmpty() || Suggestion.isMisspelt(node.text(), words)) {
            throw ComposeFileException.at(
                    node, path, "must be " + known + ", but this is " + kind(node) + Suggestion.of(node.text(), words));
        }
        warnings.add(
                node.mark(),
                path,
                "`" + node.text() + "` is unknown to this version; passed on; it knows " + String.join(", ", words));
    }

    @Override
    @Nullable
    Node finish(Node node, KeyPath path) {
        Object value = node.value() == null ? null : finish.apply(node.value());
        return value == null || (!keepsZero && isZero(value)) ? null : node.with(value);
    }

    private static boolean isZero(Object value) {
        return (value instanceof Boolean truth && !truth)
                || value.equals("")
                || value.equals("0s")
                || (value instanceof Number number && number.doubleValue() == 0);
    }

    private static boolean within(@Nullable Long value, long min, long max) {
        return value != null && value >= min && value <= max;
    }

    /** Compose writes a negative size (no limit) as a string that it cannot read back, but it can read the number. */
    private static Object zero(@Nullable Long bytes) {
        return bytes == null || bytes == 0 ? "" : bytes < 0 ? (Object) bytes : bytes.toString();
    }

    private static @Nullable Boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return switch (value instanceof String text ? text.toLowerCase(Locale.ROOT) : "") {
            case "true", "y", "yes", "on" -> true;
            case "false", "n", "no", "off" -> false;
            default -> null;
        };
    }
}
