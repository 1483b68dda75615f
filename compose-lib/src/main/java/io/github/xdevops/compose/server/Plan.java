package io.github.xdevops.compose.server;

import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.server.StackStatus.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy would change on a server, as it is now; without secrets.
 *
 * @param project the project's name on the server
 * @param held what the server knows of it, or {@code null} if it has no record
 * @param changes what is different: services first, in the order of the new file, then what it no longer has
 * @param refusal why the server would refuse the deploy, or {@code null}
 * @param notes what a reader should know besides; one line each
 */
public record Plan(
        String project,
        @Nullable StackStatus held,
        List<Change> changes,
        @Nullable String refusal,
        List<String> notes) {
    /** A plan whose lists are fixed. */
    public Plan {
        Objects.requireNonNull(project);
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** Whether the server has a record of the project. */
    public boolean exists() {
        return held != null;
    }

    /** Whether a deploy would do no more than give what already runs a new lease. */
    public boolean renewsOnly() {
        return held != null
                && (held.state() == State.RUNNING || held.state() == State.EXPIRED)
                && held.running() > 0
                && changes.isEmpty()
                && refusal == null;
    }
}
