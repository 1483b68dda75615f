package io.github.xdevops.compose.image;

import io.github.xdevops.compose.text.Printable;
import org.jspecify.annotations.Nullable;

/** A local image cannot be read. The message is one line for people. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImageException(String message) {
        this(message, null);
    }

    ImageException(String message, @Nullable Throwable cause) {
        super(Printable.text(message), cause);
    }
}
