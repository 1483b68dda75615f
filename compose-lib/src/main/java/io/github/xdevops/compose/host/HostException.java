package io.github.xdevops.compose.host;

import io.github.xdevops.compose.text.Printable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command could not be run, or nobody knows how it ended.
 *
 * <p>The first line of the message is enough by itself: what was tried, how it ended, what to do next. Further lines, if
 * any, are the last ones of standard error. It holds no secret and no control character. The word of {@link #fault()} is
 * not part of it.
 */
public final class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure, in the words of the exit codes. */
    public enum Fault {
        /** A key, a password or an address that cannot be used as it is given. */
        USAGE,
        /** Nothing answers at this address. */
        NOHOST,
        /** The host key is not trusted, or the host does not let us in. */
        NOPERM,
        /** Something answers, but no SSH session came about; the command was not started. */
        PROTO,
        /** The machine lacks what is needed to run any command at all. */
        UNAVAIL,
        /** The command was sent, and how it ended is not known. It may still be running. */
        UNKNOWN
    }

    private final Fault fault;

    public HostException(Fault fault, String message) {
        this(fault, message, null);
    }

    public HostException(Fault fault, String message, @Nullable Throwable cause) {
        super(Printable.text(message), cause);
        this.fault = fault;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** What kind of failure this is. */
    public Fault fault() {
        return fault;
    }
}
