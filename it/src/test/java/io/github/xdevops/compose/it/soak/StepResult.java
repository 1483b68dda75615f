package io.github.xdevops.compose.it.soak;

import io.github.xdevops.compose.Outcome;
import java.util.Set;

/**
 * What the client was told of one step.
 *
 * @param generation of the record, or 0 where it is not told
 * @param expires epoch seconds, or 0 where it is not told
 * @param changed whether a deploy changed containers, or {@code down} found anything
 * @param removed the projects that a sweep removed
 * @param hit whether the interruption found something to interrupt
 */
public record StepResult(
        Outcome word,
        String message,
        long generation,
        long expires,
        boolean changed,
        Set<Integer> removed,
        boolean hit) {
    public static StepResult ok() {
        return new StepResult(Outcome.OK, "", 0, 0, false, Set.of(), false);
    }

    public static StepResult failed(Outcome word, String message) {
        return new StepResult(word, message, 0, 0, false, Set.of(), false);
    }

    public static StepResult deployed(long generation, long expires, boolean changed) {
        return new StepResult(Outcome.OK, "", generation, expires, changed, Set.of(), false);
    }

    public static StepResult extended(long expires) {
        return new StepResult(Outcome.OK, "", 0, expires, false, Set.of(), false);
    }

    public static StepResult down(boolean existed) {
        return new StepResult(Outcome.OK, "", 0, 0, existed, Set.of(), false);
    }

    public static StepResult swept(Set<Integer> removed) {
        return new StepResult(Outcome.OK, "", 0, 0, false, Set.copyOf(removed), false);
    }

    public StepResult withHit(boolean really) {
        return new StepResult(word, message, generation, expires, changed, removed, really);
    }

    @Override
    public String toString() {
        return word
                + (message.isEmpty() ? "" : " (" + message + ")")
                + (generation > 0 ? " generation " + generation : "")
                + (hit ? " [interrupted]" : "");
    }
}
