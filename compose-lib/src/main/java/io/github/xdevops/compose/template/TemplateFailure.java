package io.github.xdevops.compose.template;

import io.github.xdevops.compose.text.Printable;

/** A template is missing or fails. The first line of the message names the template, the line and the reason. */
public final class TemplateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateFailure(String message, Throwable cause) {
        super(Printable.text(message), cause);
    }
}
