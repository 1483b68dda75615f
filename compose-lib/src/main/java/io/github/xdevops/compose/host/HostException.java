package io.github.xdevops.compose.host;

import io.github.xdevops.compose.text.Printable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command could not be run, or its result is unknown.
 *
 * <p>The first line of the message is self-sufficient: what was tried, how it failed, what to do next. Further lines, if any, are
 * the last ones of standard error. It contains no secret and no control character. The word of {@link #fault()} is not part of
 * it.
 */
public final class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kind of failure, named like the outcomes. */
    public enum Fault {
        /** A key, a password or an address is invalid. */
        USAGE,
        /** Nothing answers at this address. */
        NOHOST,
        /** The host key is not trusted, or the host refuses the login. */
        NOPERM,
        /** The host answers, but no SSH session was established; the command was not started. */
        PROTO,
        /** The machine cannot run any command. */
        UNAVAIL,
        /** The command was sent, but its result is unknown. It may still be running. */
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

    /** The kind of failure. */
    public Fault fault() {
        return fault;
    }
}
