package io.github.xdevops.compose.host;

import io.github.xdevops.compose.text.Printable;
import org.jspecify.annotations.Nullable;

/** A command was started and its end was not seen. */
public final class OutcomeUnknown extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why nobody waited any longer. */
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

    /** How it ended, then what is on the error stream, for people. */
    public HostException unknown(String tried, String next) {
        return new HostException(
                HostException.Fault.UNKNOWN, tried + "; " + next + Printable.lastLines(err), getCause());
    }
}
