package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.plan.Changes;
import io.github.xdevops.compose.render.Generations;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a plan from the server's current state of a project. */
final class PlanReplies {
    private final RecordReplies records = new RecordReplies();
    private final StringBuilder file = new StringBuilder();
    private final List<String> notes = new ArrayList<>();
    private @Nullable String refusal;

    void hear(String word, String text) {
        switch (word) {
            case "file" -> file.append(text);
            case "refused" -> refusal = Reply.parse(text).message();
            case "warning" -> {
                notes.add(Printable.line(text));
                records.hear(word, text);
            }
            default -> records.hear(word, text);
        }
    }

    Plan plan(Stack stack, Instant now) {
        var status = records.statuses(now).stream().findFirst().orElse(null);
        if (status != null) {
            note(status);
        }
        // A project that is being removed is gone when the deploy starts.
        var before = status == null || status.state() == State.REMOVING ? null : text();
        var changes = changes(before, stack);
        if (changes.stream()
                .anyMatch(change ->
                        change.kind() == Change.Kind.REMOVED && change.what().equals("volume"))) {
            notes.add("a removed volume stays on the server, with its data, until compose:down");
        }
        return new Plan(stack.project(), status, changes, refusal, notes);
    }

    private List<Change> changes(@Nullable String before, Stack stack) {
        try {
            return Changes.between(before, stack.text());
        } catch (ComposeFileException e) {
            // Its message may quote the file, secrets included.
            notes.add("the compose file on the server cannot be read, so everything counts as added");
            return Changes.between(null, stack.text());
        }
    }

    private void note(StackStatus status) {
        switch (status.state()) {
            case REMOVING -> notes.add("it is being removed; a deploy finishes that and starts from scratch");
            case DEPLOYING -> notes.add("another deploy is running, or was interrupted");
            case FAILED -> notes.add("its last deploy failed; a deploy retries");
            case UNHEALTHY -> notes.add("a service has failed or is not healthy");
            case STOPPED -> notes.add("it does not run; a deploy starts it again");
            case FOREIGN -> notes.add("it was deployed by another tool; a deploy takes it over");
            default -> {}
        }
    }

    private String text() {
        try {
            return Generations.asSent(new String(Base64.getDecoder().decode(file.toString()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ComposeException(Outcome.PROTO, "The compose file arrived damaged; try again", e);
        }
    }
}
