package io.github.xdevops.compose.host;

import org.jspecify.annotations.Nullable;

/** A command has certainly not been started. */
public final class NotStarted extends Exception {
    private static final long serialVersionUID = 1L;

    /** What might help. */
    public enum Reason {
        /** The connection is gone; another one may do better. */
        LOST,
        /** No further session at this moment. */
        BUSY,
        /** Nothing: it will be the same again. */
        REFUSED
    }

    public final Reason reason;

    public NotStarted(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }
}
