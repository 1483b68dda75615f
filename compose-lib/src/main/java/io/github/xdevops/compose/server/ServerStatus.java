package io.github.xdevops.compose.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server as it was when it was asked.
 *
 * @param stacks those that have a record, in the order of their names
 * @param swept when the sweeper last ran, by the server's clock, or {@code null} for never
 * @param sweeper what calls the sweeper: {@code systemd}, {@code systemd-user}, {@code cron} or {@code none}; {@code null} if
 *     the server does not say
 * @param warnings what should not be so and what to do, one line each: the sweeper does not run, or could not remove something
 */
public record ServerStatus(
        List<StackStatus> stacks,
        @Nullable Instant swept,
        @Nullable String sweeper,
        List<String> warnings) {
    /** A status whose lists are fixed. */
    public ServerStatus {
        stacks = List.copyOf(stacks);
        warnings = List.copyOf(warnings);
    }
}
