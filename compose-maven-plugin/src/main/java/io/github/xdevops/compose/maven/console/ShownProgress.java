package io.github.xdevops.compose.maven.console;

import io.github.xdevops.compose.Progress;

/** Progress that people see. */
public interface ShownProgress extends Progress, AutoCloseable {
    /** Nothing more will come. */
    @Override
    void close();
}
