package io.github.xdevops.compose.backup;

import java.time.Duration;

/**
 * The result of a restore.
 *
 * @param snapshot the ID of the snapshot
 * @param gap the time in which the services did not run; zero for a dry run
 */
public record Restored(String snapshot, Duration gap) {}
