package io.github.xdevops.compose;

import java.util.Locale;

/** What a deploy may do only where it is told so. */
public enum Permission {
    /**
     * To remove up to three environments of the same repository, the next to end first, where the server has no room; never one
     * that lives for ever or is pinned. Progress names each.
     */
    EVICT,
    /** To give an end, by the stack's lifetime, to an environment that lives for ever. */
    FORCE,
    /**
     * To count pipelines anew: the sequence of this deploy counts from now on also if the one before was higher, because another
     * CI system had given it.
     */
    RENUMBER;

    /** As the server's script reads it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT) + "=yes";
    }
}
