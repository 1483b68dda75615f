package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.backup.Snapshot;
import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The snapshots of an environment, for people and programs. */
public final class SnapshotTable {
    private static final List<String> HEAD = List.of("SNAPSHOT", "TIME", "DEPLOY", "CONTENTS");

    private SnapshotTable() {}

    public static String table(List<Snapshot> snapshots) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        snapshots.forEach(snapshot -> rows.add(List.of(
                snapshot.id(),
                snapshot.time().toString(),
                snapshot.deploy() == 0 ? "-" : Long.toString(snapshot.deploy()),
                snapshot.contents().isEmpty() ? "-" : String.join(" ", snapshot.contents()))));
        return String.join("\n", Columns.lines(rows)) + "\n";
    }

    public static String json(List<Snapshot> snapshots) {
        return Json.write(snapshots.stream()
                .map(snapshot -> {
                    var members = new LinkedHashMap<String, Object>();
                    members.put("id", snapshot.id());
                    members.put("time", snapshot.time().toString());
                    members.put("deploy", snapshot.deploy());
                    members.put("contents", snapshot.contents());
                    return members;
                })
                .toList());
    }
}
