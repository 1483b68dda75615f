package io.github.xdevops.compose.maven;

import org.apache.maven.plugin.logging.Log;

/** Progress as lines of Maven's log. */
final class LoggedProgress implements ShownProgress {
    private final Log log;

    LoggedProgress(Log log) {
        this.log = log;
    }

    @Override
    public void phase(String name) {
        log.info("» " + name);
    }

    @Override
    public void line(String text) {
        log.info("  | " + text);
    }

    @Override
    public void close() {
        // each line is complete
    }
}
