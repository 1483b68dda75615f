package io.github.xdevops.compose.server;

/**
 * How a stack is taken down.
 *
 * @param force whether one that lives for ever is taken down, too; otherwise that is refused with {@code POLICY}
 */
public record DownOptions(boolean force) {
    /** Only what has an end. */
    public static final DownOptions DEFAULT = new DownOptions(false);

    /** Also what lives for ever. */
    public static final DownOptions FORCE = new DownOptions(true);
}
