package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Revision;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deploy in the history of a stack. Texts are safe to print.
 *
 * @param number the number of the deploy, from 1; {@link Deployed#generation}
 * @param ended when it ended, by the server's clock; of a deploy that was killed, when the next one found that
 * @param took how long it took on the server, or {@code null} if it was killed
 * @param outcome how it ended; {@code UNKNOWN} if it was killed
 * @param message why it failed; empty if it succeeded
 * @param changed whether any container was created or started
 * @param rollback the number of the deploy that a rollback brought back; 0 if it was no rollback
 * @param revision what was deployed; the author and pipeline of a rollback are those that rolled back
 */
public record HistoryEntry(
        long number,
        Instant ended,
        @Nullable Duration took,
        Outcome outcome,
        String message,
        boolean changed,
        long rollback,
        Revision revision) {}
