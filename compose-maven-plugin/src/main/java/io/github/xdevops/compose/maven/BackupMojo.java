package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.BackupReport;
import java.time.Duration;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Makes a backup of a persistent environment now: dumps of its databases, its other volumes and directories of its home. A server
 * set up with {@code compose.role=production} also makes one each night.
 *
 * <p>Example: {@code mvn compose:backup -Dcompose.host=deploy@ci.example.com -Dcompose.project=shop -Dcompose.backup=/backup}
 */
@Mojo(name = "backup", requiresProject = false, aggregator = true, threadSafe = true)
public final class BackupMojo extends BackupsMojo {
    @Override
    void run() {
        var name = projectName();
        try (var host = openHost();
                var progress = progress()) {
            var made = backups(host).make(name, Duration.ZERO, progress);
            BackupReport.lines(name, made).forEach(this::result);
        }
    }
}
