package io.github.xdevops.compose.host;

import java.util.function.Consumer;

/**
 * A machine that runs commands, one at a time: a further {@link #run} waits until the previous one has ended.
 *
 * <p>All implementations behave the same: bytes arrive unchanged, both streams are always read, and a command that was stopped by
 * signal n exits with 128 + n.
 */
public interface Host extends AutoCloseable {
    /** The address for people: {@code deploy@ci.example.com}, {@code deploy@127.0.0.1:2222}, {@code local}. */
    String address();

    /**
     * Runs a command to its end, in the login user's home directory.
     *
     * @param lines receives each line of standard output as it arrives, on the calling thread, without its terminator, as UTF-8
     *     with malformed bytes replaced. A line beyond 64 KiB is cut and ends in "…". The text is unchecked: remove control
     *     characters before printing it. An exception from it ends the call and is passed on.
     * @throws HostException {@code NOHOST}, {@code NOPERM}, {@code PROTO} or {@code UNAVAIL}: the command was not started.
     *     {@code UNKNOWN}: it was started, but its result is unknown, because the deadline passed, the connection was lost, or no
     *     exit status arrived
     */
    default Result run(Command command, Consumer<String> lines) {
        return run(command, out -> out.write(command.input()), lines);
    }

    /**
     * Runs a command with an input from elsewhere.
     *
     * @param input replaces the command's own bytes
     */
    Result run(Command command, Input input, Consumer<String> lines);

    /** Closes the connection. A running remote command continues; its {@link #run} reports {@code UNKNOWN}. */
    @Override
    void close();
}
