package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.backup.RestoreOptions;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Restores an environment's data from a backup. The previous data is kept until the next backup.
 *
 * <p>Example: {@code mvn compose:restore -Dcompose.host=deploy@ci.example.com -Dcompose.project=shop -Dcompose.to=latest}
 */
@Mojo(name = "restore", requiresProject = false, aggregator = true, threadSafe = true)
public final class RestoreMojo extends BackupsMojo {
    /** The snapshot: its ID from {@code compose:snapshots}, or {@code latest}. */
    @Parameter(property = "compose.to")
    private @Nullable String to;

    /** The service; by default all. */
    @Parameter(property = "compose.service")
    private @Nullable String service;

    /** Removes the previous data at once. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    /** Loads the snapshot's dumps into containers that are removed again; changes nothing. */
    @Parameter(property = "compose.dryRun", defaultValue = "false")
    private boolean dryRun;

    @Override
    void run() {
        if (to == null && !dryRun) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "No snapshot given. Set -Dcompose.to=latest, or the ID of one that compose:snapshots lists");
        }
        var name = projectName();
        var options = new RestoreOptions(to == null ? RestoreOptions.LATEST : to, service, force, dryRun);
        try (var host = openHost();
                var progress = progress()) {
            var restored = backups(host).restore(name, options, progress);
            result(
                    dryRun
                            ? "the snapshot " + restored.snapshot() + " of " + name + " can be restored"
                            : String.format(
                                    Locale.ROOT,
                                    "%s has the data of %s; its services were stopped for %.1f s",
                                    name,
                                    restored.snapshot(),
                                    restored.gap().toMillis() / 1000.0));
            if (!dryRun && !force) {
                getLog().info("The data from before is kept until the next compose:backup");
            }
        }
    }
}
