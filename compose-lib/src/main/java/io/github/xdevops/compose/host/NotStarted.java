package io.github.xdevops.compose.host;

import org.jspecify.annotations.Nullable;

/** A command has certainly not been started. */
final class NotStarted extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether the connection is gone, so that another one may do better. */
    final boolean lost;

    NotStarted(String message, @Nullable Throwable cause, boolean lost) {
        super(message, cause);
        this.lost = lost;
    }
}
