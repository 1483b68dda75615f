package io.github.xdevops.compose.backup;

import io.github.xdevops.compose.ComposeException;
import org.jspecify.annotations.Nullable;

/**
 * The options of a restore.
 *
 * @param snapshot the ID of a snapshot, 8 or more of its hexadecimal digits, or {@code latest}
 * @param service the service whose data is restored, or {@code null} for all
 * @param force removes the data from before at once, and that which an earlier restore has kept
 * @param dryRun fetches the snapshot and loads its dumps into containers that are removed again; the environment stays as it is
 */
public record RestoreOptions(String snapshot, @Nullable String service, boolean force, boolean dryRun) {
    /** The newest snapshot. */
    public static final String LATEST = "latest";

    /** @throws ComposeException {@code USAGE} if a value is not acceptable */
    public RestoreOptions {
        if (!snapshot.equals(LATEST) && !snapshot.matches("[0-9a-f]{8,64}")) {
            throw ComposeException.usage("compose.to = `" + snapshot
                    + "` is neither latest nor the ID of a snapshot; see compose:snapshots");
        }
        if (service != null && !service.matches("[A-Za-z0-9._][A-Za-z0-9._-]*")) {
            throw ComposeException.usage("compose.service = `" + service + "` is not the name of a service");
        }
    }
}
