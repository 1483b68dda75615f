package io.github.xdevops.compose.it.soak;

/** What happens in the middle of a step. */
public enum Interruption {
    NONE,
    /** The connection breaks. */
    CUT,
    /** The client closes its connection. */
    CLOSE,
    /** The server's script is killed; what it had started goes on. */
    KILL,
    /** The server's script is killed, and what it had started. */
    KILL_ALL
}
