package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.OutputStream;

/** Standard input of a command that is too large for memory. */
@FunctionalInterface
public interface Input {
    /**
     * Writes all of it, on a separate thread. The stream is closed afterwards, so that the command reads its end.
     *
     * @throws IOException also if the command does not read to the end, or the connection is lost; the caller of the command
     *     learns that in another way, and this exception is dropped
     */
    void writeTo(OutputStream out) throws IOException;
}
