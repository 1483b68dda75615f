package io.github.xdevops.compose;

import io.github.xdevops.compose.text.Printable;
import org.jspecify.annotations.Nullable;

/** An operation failed. The first line of the message says what happened and what to do next. */
public final class ComposeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome word;

    /** @param message one self-sufficient line, without secrets; {@code null} is not allowed */
    public ComposeException(Outcome word, String message) {
        this(word, message, null);
    }

    /**
     * @param cause the cause, or {@code null}
     */
    public ComposeException(Outcome word, String message, @Nullable Throwable cause) {
        super(Printable.text(message), cause);
        if (word == Outcome.OK) {
            throw new IllegalArgumentException("OK is not a failure");
        }
        this.word = word;
    }

    /** The outcome; never {@link Outcome#OK}. */
    public Outcome word() {
        return word;
    }

    public static ComposeException usage(String message) {
        return new ComposeException(Outcome.USAGE, message);
    }

    public static ComposeException data(String message) {
        return new ComposeException(Outcome.DATA, message);
    }
}
