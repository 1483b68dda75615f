package io.github.xdevops.compose.it.soak;

/** What a step does. */
public enum Verb {
    DEPLOY,
    EXTEND,
    DOWN,
    /** The lease ends: time is not waited for, a lease of long ago is written. */
    LAPSE,
    SWEEP,
    /** The container engine stops and starts again. */
    RESTART
}
