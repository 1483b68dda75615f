package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.Progress;

/** Progress that people see. */
interface ShownProgress extends Progress, AutoCloseable {
    /** Nothing more will come. */
    @Override
    void close();
}
