package io.github.xdevops.compose.host;

import java.time.Duration;

/** A point in time on a monotonic clock. */
public final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    public static Deadline in(Duration duration) {
        // A hundred years are long enough, and fit into nanoseconds.
        Duration longest = Duration.ofDays(36_500);
        return new Deadline(System.nanoTime() + (duration.compareTo(longest) < 0 ? duration : longest).toNanos());
    }

    /** Never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** The rest of the time, or the given time if that is shorter; at least a millisecond, since 0 means no limit to a socket. */
    public int millis(Duration atMost) {
        Duration left = left();
        Duration shorter = left.compareTo(atMost) < 0 ? left : atMost;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, shorter.toMillis()));
    }

    public boolean over() {
        return left().isZero();
    }
}
