package io.github.xdevops.compose.provision;

import java.util.List;

/**
 * One step of setting a server up, done.
 *
 * @param name one word, as {@code packages}
 * @param state the result
 * @param changes what was changed, or would be, in order; empty for {@link State#OK}
 * @param notes what the owner should know
 */
public record Step(String name, State state, List<String> changes, List<String> notes) {
    /** The result of a step. */
    public enum State {
        /** Everything was as it should be. */
        OK("ok"),
        /** Something was not, and is now. */
        CHANGED("changed"),
        /** Something is not; a dry run leaves it so. */
        WOULD_CHANGE("would change");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** For people. */
        @Override
        public String toString() {
            return words;
        }
    }

    /** Copies the lists. */
    public Step {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }
}
