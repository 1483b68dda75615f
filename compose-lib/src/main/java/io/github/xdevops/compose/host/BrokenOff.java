package io.github.xdevops.compose.host;

import org.jspecify.annotations.Nullable;

/** A command was started and its end was not seen. */
final class BrokenOff extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why nobody waited any longer. */
    enum Reason {
        DEADLINE,
        LOST,
        INTERRUPTED
    }

    final Reason reason;
    final String err;

    BrokenOff(Reason reason, String err, @Nullable Throwable cause) {
        super(reason.name(), cause);
        this.reason = reason;
        this.err = err;
    }

    /** How it ended, then what is on the error stream, for people. */
    HostException unknown(String tried, String next) {
        return new HostException(HostException.Fault.UNKNOWN, tried + "; " + next + Visible.lastLines(err), getCause());
    }
}
