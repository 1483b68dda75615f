package io.github.xdevops.compose.it.soak;

/**
 * What a compose file says.
 *
 * @param url the project whose URL it claims
 */
public record Content(Version version, int url) {}
