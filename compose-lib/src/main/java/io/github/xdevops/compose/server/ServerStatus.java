package io.github.xdevops.compose.server;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The status of a server at the time of the call.
 *
 * @param stacks the stacks with a record, sorted by name
 * @param swept the last run of the sweeper by the server's clock, or {@code null} for never
 * @param sweeper the caller of the sweeper, or {@code null} if unknown
 * @param warnings problems and their remedies, one line each: the sweeper does not run, or could not remove something
 */
public record ServerStatus(
        List<StackStatus> stacks,
        @Nullable Instant swept,
        @Nullable Sweeper sweeper,
        List<String> warnings) {
    /** Copies the lists. */
    public ServerStatus {
        stacks = List.copyOf(stacks);
        warnings = List.copyOf(warnings);
    }

    /** The caller of a server's sweeper. */
    public enum Sweeper {
        /** A system timer. */
        SYSTEMD,
        /** A user timer. */
        SYSTEMD_USER,
        /** The user's crontab. */
        CRON,
        /** None: no timer could be set up. */
        NONE,
        /** A caller that this version does not know. */
        UNKNOWN;

        static Sweeper of(String word) {
            return Stream.of(values())
                    .filter(sweeper -> sweeper.toString().equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        /** The name in the server's script, for example {@code systemd-user}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
