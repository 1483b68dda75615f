package io.github.xdevops.compose.file.tree;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses numbers that may be strings. */
public final class Numbers {

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?");

    private Numbers() {}

    /** A file mode. Strings are octal, with or without a leading zero. Null if the value is none. */
    public static @Nullable Long mode(Object value) {
        if (value instanceof String text) {
            return text.matches("[0-7]{1,11}") ? Long.valueOf(text, 8) : null;
        }
        return integral(value);
    }

    /** A whole number; a fraction is cut off, as in Compose. Null if the value is none. */
    static @Nullable public Long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double number) {
            return (long) number.doubleValue();
        }
        if (value instanceof String text && WHOLE.matcher(text).matches()) {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    /** A number without a fraction, or a string of one. Null if the value is none. */
    static @Nullable public Long integral(Object value) {
        return value instanceof Double number && number != Math.rint(number) ? null : whole(value);
    }

    /** A single-precision number, as in Compose; a Long if it has no fraction. Null if the value is none. */
    static @Nullable public Object single(Object value) {
        if (value instanceof Long number && Math.abs(number) < 1 << 24) {
            return number;
        }
        if (value instanceof Number number) {
            return shortest(number.floatValue());
        }
        return value instanceof String text && DECIMAL.matcher(text).matches()
                ? shortest(Float.parseFloat(text))
                : null;
    }

    private static Object shortest(float number) {
        double same = Double.parseDouble(Float.toString(number));
        return same == Math.rint(same) && Math.abs(same) < 1e15 ? (Object) (long) same : (Object) same;
    }
}
