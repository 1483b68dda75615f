package io.github.xdevops.compose.it.soak;

import java.util.List;

/**
 * The host at a moment when nobody works on it.
 *
 * @param now the host's epoch seconds
 * @param projects in their order
 * @param others what the host has beside the projects, which nobody may touch
 * @param garbage how many uploads and removed records lie about
 */
public record Snapshot(long now, List<Seen> projects, List<String> others, int garbage) {}
