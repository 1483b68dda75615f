package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.text.Printable;
import org.apache.maven.plugin.logging.Log;

/** Maven's log, without terminal sequences and pipeline commands. */
public final class PrintableLog implements Log {
    private final Log log;

    public PrintableLog(Log log) {
        this.log = log;
    }

    /** Returns an error whose messages, including those of its causes, are safe to print; the same one if they are. */
    public static Throwable printable(Throwable error) {
        var cause = error.getCause() == null ? null : printable(error.getCause());
        var text = error.toString();
        if (cause == error.getCause()
                && error.getSuppressed().length == 0
                && Printable.text(text).equals(text)) {
            return error;
        }
        var shown = new Throwable(Printable.text(text), cause);
        shown.setStackTrace(error.getStackTrace());
        return shown;
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isDebugEnabled();
    }

    @Override
    public void debug(CharSequence content) {
        log.debug(Printable.text(content.toString()));
    }

    @Override
    public void debug(CharSequence content, Throwable error) {
        log.debug(Printable.text(content.toString()), printable(error));
    }

    @Override
    public void debug(Throwable error) {
        log.debug(printable(error));
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isInfoEnabled();
    }

    @Override
    public void info(CharSequence content) {
        log.info(Printable.text(content.toString()));
    }

    @Override
    public void info(CharSequence content, Throwable error) {
        log.info(Printable.text(content.toString()), printable(error));
    }

    @Override
    public void info(Throwable error) {
        log.info(printable(error));
    }

    @Override
    public boolean isWarnEnabled() {
        return log.isWarnEnabled();
    }

    @Override
    public void warn(CharSequence content) {
        log.warn(Printable.text(content.toString()));
    }

    @Override
    public void warn(CharSequence content, Throwable error) {
        log.warn(Printable.text(content.toString()), printable(error));
    }

    @Override
    public void warn(Throwable error) {
        log.warn(printable(error));
    }

    @Override
    public boolean isErrorEnabled() {
        return log.isErrorEnabled();
    }

    @Override
    public void error(CharSequence content) {
        log.error(Printable.text(content.toString()));
    }

    @Override
    public void error(CharSequence content, Throwable error) {
        log.error(Printable.text(content.toString()), printable(error));
    }

    @Override
    public void error(Throwable error) {
        log.error(printable(error));
    }
}
