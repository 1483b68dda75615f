package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.BackupReport;
import java.time.Duration;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Backs up a persistent environment now: databases, volumes, directories of its home. A server with {@code
 * compose.role=production} also does so each night.
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
