package io.github.xdevops.compose;

import java.util.Locale;

/** Optional permissions of a deploy. */
public enum Permission {
    /**
     * Take over the containers of a Compose project with this name that another tool has started in the stack's home, with their
     * volumes and networks. Persistent stacks with a home only, and not behind a gate.
     */
    ADOPT,
    /**
     * Remove up to three environments of the same repository, the next to expire first, when the server has no room. Persistent
     * and pinned environments are never removed. Progress names each removed environment.
     */
    EVICT,
    /** Give a persistent environment an expiry, by the lifetime of the stack. */
    FORCE,
    /**
     * Restart the pipeline numbers: accept the sequence of this deploy even if it is lower than the previous one, for example
     * after a change of the CI system.
     */
    RENUMBER;

    /** The permission in the server script's form. */
    public String word() {
        return name().toLowerCase(Locale.ROOT) + "=yes";
    }
}
