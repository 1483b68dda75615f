package io.github.xdevops.compose.plan;

import java.util.List;
import java.util.Locale;

/**
 * A part of a compose file that a deploy would add, remove or change.
 *
 * @param kind the kind of the change
 * @param what {@code service}, {@code network}, {@code volume}, {@code config}, {@code secret}, or {@code key} for any other key
 *     at the top of the file
 * @param name its name in the file
 * @param differences the differences of a changed part; for an added or removed part only its image
 */
public record Change(Kind kind, String what, String name, List<Difference> differences) {
    /** The kind of a change. */
    public enum Kind {
        /** Only the new file has it. */
        ADDED,
        /** Only the server has it. */
        REMOVED,
        /** Both have it, with differences. */
        CHANGED;

        /** The kind in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the list of differences. */
    public Change {
        differences = List.copyOf(differences);
    }
}
