package io.github.xdevops.compose.plan;

import java.util.List;
import java.util.Locale;

/**
 * One thing of a compose file that a deploy would add, remove or change.
 *
 * @param kind what would become of it
 * @param what {@code service}, {@code network}, {@code volume}, {@code config}, {@code secret}, or {@code key} for any
 *     other key at the top of the file
 * @param name its name in the file
 * @param differences what is different of something that is changed; of what is added or removed only its image
 */
public record Change(Kind kind, String what, String name, List<Difference> differences) {
    /** What would become of something. */
    public enum Kind {
        /** The server does not have it. */
        ADDED,
        /** The new file does not have it. */
        REMOVED,
        /** Both have it, and it is not the same. */
        CHANGED;

        /** The kind in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A change whose list of differences is fixed. */
    public Change {
        differences = List.copyOf(differences);
    }
}
