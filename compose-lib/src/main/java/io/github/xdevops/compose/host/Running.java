package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A running command. */
public interface Running {
    OutputStream in();

    InputStream out();

    InputStream err();

    /**
     * Waits for the exit status; never guesses one.
     *
     * @throws IOException if there will be none
     */
    int exit(Duration patience) throws IOException, TimeoutException, InterruptedException;

    /** Gives up: unblocks readers and writers of the streams. Stops the command if it runs on this machine. */
    void abandon();
}
