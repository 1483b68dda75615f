package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.backup.Backups;
import io.github.xdevops.compose.host.Host;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Base of the goals for the backups of an environment. */
abstract class BackupsMojo extends EnvironmentMojo {
    /**
     * Where backups are, remembered by the server: {@code /DIRECTORY}, {@code sftp:USER@HOST:/DIRECTORY} or {@code
     * s3:HOST/BUCKET}.
     */
    @Parameter(property = "compose.backup")
    private @Nullable String backup;

    final Backups backups(Host host) {
        return Backups.on(host).at(backup, System.getenv("COMPOSE_BACKUP_PASSWORD"));
    }
}
