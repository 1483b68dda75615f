package io.github.xdevops.compose.backup;

import org.jspecify.annotations.Nullable;

/**
 * The result of a backup.
 *
 * @param snapshot the ID of the snapshot
 * @param made whether it is new; otherwise the last one was young enough
 * @param password the password of the repository, if this backup made it. It is stored on the server only
 */
public record BackedUp(
        String snapshot, boolean made, @Nullable String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "BackedUp[snapshot=" + snapshot + ", made=" + made + "]";
    }
}
