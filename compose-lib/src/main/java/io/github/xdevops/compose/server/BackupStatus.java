package io.github.xdevops.compose.server;

import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The backups of a persistent environment, as the server knows them without asking the repository. Texts are safe to print.
 *
 * @param last the time of the last backup, or {@code null} if there is none
 * @param drill the time of the last drill that succeeded, or {@code null} if there was none
 * @param problem why the last nightly run failed, or what is damaged; {@code null} if nothing is known
 */
public record BackupStatus(
        @Nullable Instant last,
        @Nullable Instant drill,
        @Nullable String problem) {
    private static final Duration BACKUP = Duration.ofHours(26);
    private static final Duration DRILL = Duration.ofDays(40);

    /** Whether the last backup is older than 26 hours, or the last drill older than 40 days. */
    public boolean overdue(Instant now) {
        return older(last, BACKUP, now) || older(drill, DRILL, now);
    }

    private static boolean older(@Nullable Instant time, Duration most, Instant now) {
        return time != null && Duration.between(time, now).compareTo(most) > 0;
    }

    /** Reads the line that the server's backup writes after each run; {@code null} if there is nothing to read. */
    public static @Nullable BackupStatus of(String json) {
        return of(StackRecord.parse(json));
    }

    static @Nullable BackupStatus of(Map<String, @Nullable Object> members) {
        if (members.isEmpty()) {
            return null;
        }
        var problem = (text(members.get("failed")) + " " + text(members.get("damage"))).strip();
        return new BackupStatus(
                time(members.get("last")), time(members.get("drilled")), problem.isEmpty() ? null : problem);
    }

    private static @Nullable Instant time(@Nullable Object seconds) {
        var number = StackRecord.number(seconds);
        return number == 0 ? null : Instant.ofEpochSecond(number);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? Printable.line(text) : "";
    }
}
