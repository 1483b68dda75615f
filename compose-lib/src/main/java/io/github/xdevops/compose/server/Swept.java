package io.github.xdevops.compose.server;

import java.util.List;

/**
 * What a sweep did.
 *
 * @param removed the projects that are gone now
 * @param problems one line for each that could not be removed; it is tried again by the next sweep
 */
public record Swept(List<String> removed, List<String> problems) {}
