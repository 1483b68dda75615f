package io.github.xdevops.compose.file.schema;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Compose reads and writes them: {@code 1h30m}, {@code 1.5s}, {@code 300ms}, {@code 2d}. */
public final class Durations {

    private static final Pattern PART =
            Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30})(ns|us|µs|μs|ms|s|m|h|d|w)");
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private Durations() {}

    /** The length in nanoseconds, or null when the text is no duration. */
    static @Nullable public Long nanoseconds(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return 0L;
        }
        Matcher part = PART.matcher(rest);
        BigDecimal sum = BigDecimal.ZERO;
        int at = 0;
        while (part.find() && part.start() == at) {
            sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
            at = part.end();
        }
        if (at == 0 || at < rest.length() || sum.compareTo(MAX) > 0) {
            return null;
        }
        return negative ? -sum.longValue() : sum.longValue();
    }

    /** The canonical form in which Compose writes a duration; null when the text is none. */
    static @Nullable public String canonical(String text) {
        Long length = nanoseconds(text);
        return length == null ? null : length < 0 ? "-" + write(-length) : write(length);
    }

    private static String write(long nanoseconds) {
        if (nanoseconds == 0) {
            return "0s";
        }
        if (nanoseconds < MICRO) {
            return nanoseconds + "ns";
        }
        if (nanoseconds < MILLI) {
            return fraction(nanoseconds, MICRO) + "µs";
        }
        if (nanoseconds < SECOND) {
            return fraction(nanoseconds, MILLI) + "ms";
        }
        long minutes = nanoseconds / (60 * SECOND);
        String seconds = fraction(nanoseconds % (60 * SECOND), SECOND) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String fraction(long amount, long unit) {
        BigDecimal value = BigDecimal.valueOf(amount).divide(BigDecimal.valueOf(unit));
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            case "d" -> 24 * 3600 * SECOND;
            case "w" -> 7 * 24 * 3600 * SECOND;
            default -> MICRO;
        };
    }
}
