package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A command under way. */
public interface Running {
    OutputStream in();

    InputStream out();

    InputStream err();

    /**
     * Waits for the exit status, never invents one.
     *
     * @throws IOException when there is none and there will be none
     */
    int exit(Duration patience) throws IOException, TimeoutException, InterruptedException;

    /** Gives up: whoever waits on one of the streams gets away. Stops the command where it is ours to stop. */
    void abandon();
}
