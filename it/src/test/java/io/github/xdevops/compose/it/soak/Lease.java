package io.github.xdevops.compose.it.soak;

/**
 * When a lease ends, as exactly as it is known: the host's epoch seconds, both included. Also any other span of time.
 */
record Lease(long from, long to) {
    /** What {@link Verb#LAPSE} writes. */
    static final Lease ENDED = new Lease(Target.LONG_AGO, Target.LONG_AGO);

    static final Lease NONE = new Lease(0, 0);

    boolean ended() {
        return to == Target.LONG_AGO;
    }

    boolean holds(long moment) {
        return from <= moment && moment <= to;
    }

    Lease plus(long seconds) {
        return new Lease(from + seconds, to + seconds);
    }

    /** The later of two. */
    Lease or(Lease other) {
        return new Lease(Math.max(from, other.from), Math.max(to, other.to));
    }

    /** From the earlier to the later of two. */
    Lease to(Lease other) {
        return new Lease(Math.min(from, other.from), Math.max(to, other.to));
    }
}
