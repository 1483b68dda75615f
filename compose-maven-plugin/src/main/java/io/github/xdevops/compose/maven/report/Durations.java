package io.github.xdevops.compose.maven.report;

import java.time.Duration;

/** Formats durations for people. */
final class Durations {
    private Durations() {}

    /** The two largest units: {@code 6d 23h}, {@code 12m 3s}, {@code 0s}. */
    static String brief(Duration duration) {
        if (duration.isNegative()) {
            return "-" + brief(duration.negated());
        }
        if (duration.toDays() > 0) {
            return duration.toDays() + "d " + duration.toHoursPart() + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h " + duration.toMinutesPart() + "m";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + "m " + duration.toSecondsPart() + "s"
                : duration.toSeconds() + "s";
    }
}
