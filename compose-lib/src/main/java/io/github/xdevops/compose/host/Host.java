package io.github.xdevops.compose.host;

import java.util.function.Consumer;

/**
 * A place where commands run, one at a time: a further {@link #run} waits until the one before it has ended.
 *
 * <p>What is sent in and what comes back means the same everywhere: bytes arrive unchanged, both streams are always
 * read, and a command that was stopped by signal n exits with 128 + n.
 */
public interface Host extends AutoCloseable {
    /** For people: {@code deploy@ci.example.com}, {@code deploy@127.0.0.1:2222}, {@code local}. */
    String address();

    /**
     * Runs a command to its end, in the login user's home directory.
     *
     * @param lines gets each line of standard output as it arrives, on the calling thread, without its terminator, as
     *     UTF-8 with malformed bytes replaced. A line beyond 64 KiB is cut and ends in "…". The text is whatever the
     *     host sent: take control characters out before printing it. An exception thrown here ends the wait and is
     *     passed on.
     * @throws HostException {@code NOHOST}, {@code NOPERM}, {@code PROTO} or {@code UNAVAIL}: the command was not
     *     started. {@code UNKNOWN}: it was, and how it ended is not known, because the deadline passed, the connection
     *     was lost, or no exit status came
     */
    default Result run(Command command, Consumer<String> lines) {
        return run(command, out -> out.write(command.input()), lines);
    }

    /**
     * The same with an input that does not come from the command.
     *
     * @param input takes the place of the command's own bytes
     */
    Result run(Command command, Input input, Consumer<String> lines);

    /** Ends the connection. A remote command that is under way goes on; its {@link #run} reports {@code UNKNOWN}. */
    @Override
    void close();
}
