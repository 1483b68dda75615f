package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.SnapshotTable;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Lists the backups of an environment, the newest first.
 *
 * <p>Example: {@code mvn compose:snapshots -Dcompose.host=deploy@ci.example.com -Dcompose.project=shop}
 */
@Mojo(name = "snapshots", requiresProject = false, aggregator = true, threadSafe = true)
public final class SnapshotsMojo extends BackupsMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        var name = projectName();
        try (var host = openHost()) {
            var snapshots = backups(host).snapshots(name);
            if (json) {
                printData(SnapshotTable.json(snapshots));
            } else {
                print(SnapshotTable.table(snapshots));
            }
        }
    }
}
