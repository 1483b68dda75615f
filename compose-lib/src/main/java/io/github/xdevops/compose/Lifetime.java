package io.github.xdevops.compose;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time from the last deploy or extension of an environment to its expiry.
 *
 * @param duration one second to ten years, or {@code null} for a persistent environment
 */
public record Lifetime(@Nullable Duration duration) {
    /** A persistent environment: it never expires and is only removed by hand. */
    public static final Lifetime FOREVER = new Lifetime(null);

    private static final Duration LONGEST = Duration.ofDays(3652);
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smhdw]?)");

    /** @throws ComposeException if the duration is out of range */
    public Lifetime {
        if (duration != null && (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0)) {
            throw ComposeException.usage(
                    "A lifetime of " + duration + " is out of range: one second to ten years, or `forever`");
        }
    }

    /**
     * Reads {@code 7d}, {@code 12h}, {@code 90m}, {@code 30s}, {@code 2w}, bare seconds ({@code 604800}), an ISO 8601
     * duration ({@code P7D}, {@code PT12H}) or {@code forever}.
     *
     * @throws ComposeException if the text is none of them
     */
    public static Lifetime parse(String text) {
        if (text.equals("forever")) {
            return FOREVER;
        }
        var parts = SHORT.matcher(text);
        if (parts.matches()) {
            return new Lifetime(
                    Duration.ofSeconds(Math.multiplyExact(Long.parseLong(parts.group(1)), seconds(parts.group(2)))));
        }
        if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
            try {
                return new Lifetime(Duration.parse(text));
            } catch (DateTimeParseException e) {
                throw unreadable(text, e);
            }
        }
        throw unreadable(text, null);
    }

    /** Whether the environment is persistent. */
    public boolean isForever() {
        return duration == null;
    }

    /** The lifetime in the server's form: whole seconds, or {@code forever}. */
    public String word() {
        return duration == null ? "forever" : Long.toString(duration.toSeconds());
    }

    private static long seconds(String unit) {
        return switch (unit) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            case "w" -> 604_800;
            default -> 1;
        };
    }

    private static ComposeException unreadable(String text, @Nullable Exception cause) {
        return new ComposeException(
                Outcome.USAGE,
                "A lifetime of `" + text + "` is not understood; write 7d, 12h, 90m, P7D, seconds (604800) or forever",
                cause);
    }
}
