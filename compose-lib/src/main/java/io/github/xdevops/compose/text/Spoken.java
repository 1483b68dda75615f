package io.github.xdevops.compose.text;

import java.time.Duration;

/** Formats durations for people. */
public final class Spoken {
    private Spoken() {}

    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return duration.toMillis() + " ms";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
