package io.github.xdevops.compose.host;

import io.github.xdevops.compose.text.Printable;
import org.jspecify.annotations.Nullable;

/** The command was started, but its result is unknown. */
public final class OutcomeUnknown extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason for which the wait ended. */
    public enum Reason {
        DEADLINE,
        LOST,
        INTERRUPTED
    }

    public final Reason reason;
    final String err;

    public OutcomeUnknown(Reason reason, String err, @Nullable Throwable cause) {
        super(reason.name(), cause);
        this.reason = reason;
        this.err = err;
    }

    /** Describes the failure, followed by standard error, for people. */
    public HostException unknown(String tried, String next) {
        return new HostException(
                HostException.Fault.UNKNOWN, tried + "; " + next + Printable.lastLines(err), getCause());
    }
}
