package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.Progress;

/** Progress for people. */
public interface ShownProgress extends Progress, AutoCloseable {
    /** Ends the progress. */
    @Override
    void close();
}
