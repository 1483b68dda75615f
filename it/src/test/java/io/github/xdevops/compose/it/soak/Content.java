package io.github.xdevops.compose.it.soak;

/**
 * What a compose file says.
 *
 * @param url the project whose URL it claims
 * @param other whether it is of another repository
 */
public record Content(Version version, int url, boolean other) {}
