package io.github.xdevops.compose.host;

import org.jspecify.annotations.Nullable;

/** A command has certainly not been started. */
public final class NotStarted extends Exception {
    private static final long serialVersionUID = 1L;

    /** Possible remedies. */
    public enum Reason {
        /** The connection is lost; a new one may work. */
        LOST,
        /** The server allows no further session now. */
        BUSY,
        /** None: it will fail again. */
        REFUSED
    }

    public final Reason reason;

    public NotStarted(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }
}
