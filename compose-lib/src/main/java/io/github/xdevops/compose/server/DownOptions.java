package io.github.xdevops.compose.server;

/**
 * Options of removing a stack.
 *
 * @param force whether a persistent stack is removed too; otherwise it is refused with {@code POLICY}
 */
public record DownOptions(boolean force) {
    /** Refuses persistent stacks. */
    public static final DownOptions DEFAULT = new DownOptions(false);

    /** Removes persistent stacks too. */
    public static final DownOptions FORCE = new DownOptions(true);
}
