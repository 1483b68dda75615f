package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.backup.BackedUp;
import java.util.ArrayList;
import java.util.List;

/** The result of a backup, for people. */
public final class BackupReport {
    private BackupReport() {}

    public static List<String> lines(String project, BackedUp backedUp) {
        var lines = new ArrayList<String>();
        if (backedUp.password() != null) {
            lines.add("The password of the repository is " + backedUp.password()
                    + " and is not shown again: keep it apart from the server, as COMPOSE_BACKUP_PASSWORD");
        }
        lines.add(
                backedUp.made()
                        ? project + " is backed up as " + backedUp.snapshot()
                        : "The last backup of " + project + " is " + backedUp.snapshot());
        return lines;
    }
}
