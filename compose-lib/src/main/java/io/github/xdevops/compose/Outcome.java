package io.github.xdevops.compose;

/** The outcome of an operation, as a stable machine-readable word. The numbers follow BSD's sysexits. */
public enum Outcome {
    /** The operation succeeded. */
    OK(0),
    /** A parameter is missing or invalid. */
    USAGE(64),
    /** A file, a name or an image is invalid. */
    DATA(65),
    /** The server cannot be reached. */
    NOHOST(68),
    /** Docker or Compose on the server is missing, too old or does not answer, or there is no memory or network left. */
    UNAVAIL(69),
    /** The stack was started, but it failed. */
    UNHEALTHY(70),
    /** The server's disk is full, read-only or over quota. */
    IOERR(74),
    /** Another operation holds the lock, or a newer pipeline has deployed. A retry may help. */
    BUSY(75),
    /** The SSH connection failed before anything was changed. */
    PROTO(76),
    /** A key, a host key or a permission is missing. */
    NOPERM(77),
    /** The policy refuses what the stack requests, or a limit on the number of environments is reached. */
    POLICY(78),
    /** The connection was lost, so the outcome is unknown. */
    UNKNOWN(79);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /** The exit code for this outcome, 0 to 79. */
    public int code() {
        return code;
    }
}
