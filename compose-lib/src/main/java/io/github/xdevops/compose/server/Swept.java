package io.github.xdevops.compose.server;

import java.util.List;

/**
 * The result of a sweep.
 *
 * @param removed the removed projects
 * @param problems one line for each project that could not be removed; the next sweep retries it
 */
public record Swept(List<String> removed, List<String> problems) {}
