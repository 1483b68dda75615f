package io.github.xdevops.compose.maven.console;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.maven.plugin.logging.Log;

/** Progress as lines of Maven's log. */
public final class LoggedProgress implements ShownProgress {
    /** Pipelines stop a job without output after ten minutes. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(30);

    private final Log log;
    private final LongSupplier nanos;
    private long said;

    public LoggedProgress(Log log) {
        this(log, System::nanoTime);
    }

    LoggedProgress(Log log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.said = nanos.getAsLong();
    }

    @Override
    public void phase(String name) {
        say("» " + name);
    }

    @Override
    public void line(String text) {
        say("  | " + text);
    }

    @Override
    public synchronized void transfer(String what, long done, long total) {
        if (nanos.getAsLong() - said >= SILENCE) {
            line(String.format(Locale.ROOT, "%s: %.1f of %.1f MB so far", what, done / 1e6, total / 1e6));
        }
    }

    private synchronized void say(String text) {
        said = nanos.getAsLong();
        log.info(text);
    }

    @Override
    public void close() {
        // each line is complete
    }
}
