package io.github.xdevops.compose;

import java.time.Duration;

/**
 * Time limits of a deploy.
 *
 * @param up for pulling images and starting containers, one second to a day
 * @param ready for services to become healthy, zero (do not wait) to a day
 * @param lock for another operation on the same project, zero to a day
 */
public record Timeouts(Duration up, Duration ready, Duration lock) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The time in which a server makes room: one sweep and three evictions, with the script's own deadlines. */
    private static final Duration ROOM = Duration.ofMinutes(9);

    /** For old containers whose requests end, four times at most: half a minute, and a grace of ten. */
    private static final Duration DRAINED = Duration.ofMinutes(42);

    /** Ten minutes to start, two to become healthy, five to wait for the lock. */
    public static final Timeouts DEFAULT =
            new Timeouts(Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(5));

    /** @throws ComposeException if one is out of range */
    public Timeouts {
        check("timeout", up, Duration.ofSeconds(1));
        check("wait", ready, Duration.ZERO);
        check("lock wait", lock, Duration.ZERO);
    }

    /** The time after which the server must have answered. */
    public Duration total() {
        // What stays is replaced in up to three steps, and a failed deploy brings the previous version up again, which
        // may take as
        // long as the first attempt.
        return ROOM.plus(lock)
                .plus(up.plus(ready).multipliedBy(6))
                .plus(DRAINED)
                .plusMinutes(1);
    }

    private static void check(String name, Duration value, Duration shortest) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw ComposeException.usage("The " + name + " must be " + shortest.toSeconds() + " s to one day");
        }
    }
}
