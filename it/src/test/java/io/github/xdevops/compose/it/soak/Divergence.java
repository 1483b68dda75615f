package io.github.xdevops.compose.it.soak;

/**
 * Where the host is not what the model says.
 *
 * @param round its number, from 0
 * @param project the one that differs, or -1
 */
public record Divergence(int round, int project, String message) {}
