package io.github.xdevops.compose.server;

import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.server.StackStatus.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a deploy would make now; without secrets.
 *
 * @param project the project's name on the server
 * @param held its status on the server, or {@code null} if it has no record
 * @param changes the differences: services first, in the order of the new file, then removed items
 * @param refusal the reason why the server would refuse the deploy, or {@code null}
 * @param notes further notes, one line each
 */
public record Plan(
        String project,
        @Nullable StackStatus held,
        List<Change> changes,
        @Nullable String refusal,
        List<String> notes) {
    /** Copies the lists. */
    public Plan {
        Objects.requireNonNull(project);
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** Whether the server has a record of the project. */
    public boolean exists() {
        return held != null;
    }

    /** Whether a deploy would only renew the lease. */
    public boolean renewsOnly() {
        return held != null
                && (held.state() == State.RUNNING || held.state() == State.EXPIRED)
                && held.running() > 0
                && changes.isEmpty()
                && refusal == null;
    }
}
