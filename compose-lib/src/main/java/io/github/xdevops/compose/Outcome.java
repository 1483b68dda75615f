package io.github.xdevops.compose;

/** How an operation ended, in one stable word that scripts can rely on; the numbers follow BSD's sysexits. */
public enum Outcome {
    /** Done. */
    OK(0),
    /** A parameter is missing or not acceptable. */
    USAGE(64),
    /** A file, a name or an image is not acceptable. */
    DATA(65),
    /** The server cannot be reached. */
    NOHOST(68),
    /** Docker or Compose on the server is missing, too old or does not answer, or there is no memory or network left. */
    UNAVAIL(69),
    /** The stack came up and failed. */
    UNHEALTHY(70),
    /** The server's disk is full, read-only or over quota. */
    IOERR(74),
    /** Somebody else holds the lock, or a newer deploy was there first; trying again may help. */
    BUSY(75),
    /** The SSH connection failed before anything was changed. */
    PROTO(76),
    /** A key, a host key or a right is missing. */
    NOPERM(77),
    /** The stack asks for something that review environments may not have, or there are as many of them as there may be. */
    POLICY(78),
    /** The connection was lost and the outcome is not known. */
    UNKNOWN(79);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /** The exit code of a process that ends with this word, 0 to 79. */
    public int code() {
        return code;
    }
}
