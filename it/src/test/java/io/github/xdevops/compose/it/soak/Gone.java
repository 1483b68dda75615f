package io.github.xdevops.compose.it.soak;

/**
 * What the host remembers of a stack that was taken down.
 *
 * @param other whether it was of another repository
 */
public record Gone(long sequence, boolean other) {}
