package io.github.xdevops.compose.server;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server as it was when it was asked.
 *
 * @param stacks those that have a record, in the order of their names
 * @param swept when the sweeper last ran, by the server's clock, or {@code null} for never
 * @param sweeper what calls the sweeper, or {@code null} if the server does not say
 * @param warnings what should not be so and what to do, one line each: the sweeper does not run, or could not remove something
 */
public record ServerStatus(
        List<StackStatus> stacks,
        @Nullable Instant swept,
        @Nullable Sweeper sweeper,
        List<String> warnings) {
    /** A status whose lists are fixed. */
    public ServerStatus {
        stacks = List.copyOf(stacks);
        warnings = List.copyOf(warnings);
    }

    /** What calls the sweeper of a server. */
    public enum Sweeper {
        /** A timer of the system. */
        SYSTEMD,
        /** A timer of the user. */
        SYSTEMD_USER,
        /** The user's crontab. */
        CRON,
        /** Nothing: no timer could be set up. */
        NONE,
        /** Something that this version does not know. */
        UNKNOWN;

        static Sweeper of(String word) {
            return Stream.of(values())
                    .filter(sweeper -> sweeper.toString().equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        /** As the server's script names it, for example {@code systemd-user}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
