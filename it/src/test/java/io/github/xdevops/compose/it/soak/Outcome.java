package io.github.xdevops.compose.it.soak;

import io.github.xdevops.compose.ExitWord;
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
public record Outcome(
        ExitWord word,
        String message,
        long generation,
        long expires,
        boolean changed,
        Set<Integer> removed,
        boolean hit) {
    public static Outcome ok() {
        return new Outcome(ExitWord.OK, "", 0, 0, false, Set.of(), false);
    }

    public static Outcome failed(ExitWord word, String message) {
        return new Outcome(word, message, 0, 0, false, Set.of(), false);
    }

    public static Outcome deployed(long generation, long expires, boolean changed) {
        return new Outcome(ExitWord.OK, "", generation, expires, changed, Set.of(), false);
    }

    public static Outcome extended(long expires) {
        return new Outcome(ExitWord.OK, "", 0, expires, false, Set.of(), false);
    }

    public static Outcome down(boolean existed) {
        return new Outcome(ExitWord.OK, "", 0, 0, existed, Set.of(), false);
    }

    public static Outcome swept(Set<Integer> removed) {
        return new Outcome(ExitWord.OK, "", 0, 0, false, Set.copyOf(removed), false);
    }

    public Outcome withHit(boolean really) {
        return new Outcome(word, message, generation, expires, changed, removed, really);
    }

    @Override
    public String toString() {
        return word
                + (message.isEmpty() ? "" : " (" + message + ")")
                + (generation > 0 ? " generation " + generation : "")
                + (hit ? " [interrupted]" : "");
    }
}
