package io.github.xdevops.compose.backup;

import org.jspecify.annotations.Nullable;

/**
 * The result of a backup.
 *
 * @param snapshot the ID of the snapshot
 * @param made whether it is new; otherwise the last one was young enough
 * @param password the password of the repository, if that was made now. The server has it, and nobody else
 */
public record BackedUp(
        String snapshot, boolean made, @Nullable String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "BackedUp[snapshot=" + snapshot + ", made=" + made + "]";
    }
}
