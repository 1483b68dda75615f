package io.github.xdevops.compose.host;

/**
 * The result of a command.
 *
 * @param exit its exit status, or 128 + n when signal n stopped it
 * @param out the last 64 KiB of standard output, as UTF-8 with malformed bytes replaced
 * @param err the last 64 KiB of standard error, likewise
 */
public record Result(int exit, String out, String err) {
    /** The number of bytes of each stream that are kept. */
    public static final int KEPT = 64 * 1024;

    /** Whether the exit status is 0. */
    public boolean ok() {
        return exit == 0;
    }
}
