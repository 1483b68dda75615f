package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.OutputStream;

/** What a command gets on its standard input when it is too large for memory. */
@FunctionalInterface
public interface Input {
    /**
     * Writes all of it, on a thread of its own. The stream is closed afterwards, so that the command sees its end.
     *
     * @throws IOException also when the command does not read to the end, or the connection is lost: that is told to whoever
     *     runs the command, and nobody sees this exception
     */
    void writeTo(OutputStream out) throws IOException;
}
