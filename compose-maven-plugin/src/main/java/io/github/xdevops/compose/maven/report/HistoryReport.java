package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.server.HistoryEntry;
import io.github.xdevops.compose.server.KeptVersion;
import io.github.xdevops.compose.server.StackDetails;
import io.github.xdevops.compose.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The deploys of one stack as text, and the versions that can be brought back. */
public final class HistoryReport implements DetailsReport {
    private static final List<String> HEAD = List.of("DEPLOY", "ENDED", "TOOK", "RESULT", "BY", "BRANCH", "COMMIT");
    private static final List<String> KEPT_HEAD = List.of("DEPLOY", "ENDED", "COMMIT", "BY", "IMAGES");
    private static final int SHORT_ID = 19; // sha256: and twelve digits

    private final StackDetails details;

    public HistoryReport(StackDetails details) {
        this.details = details;
    }

    /** The history, the newest first. */
    @Override
    public String table() {
        if (details.history().isEmpty()) {
            return "no deploys yet\n";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        details.history().forEach(entry -> rows.add(row(entry)));
        var lines = Columns.lines(rows);
        var text = new StringBuilder(lines.get(0)).append('\n');
        for (int i = 1; i < lines.size(); i++) {
            var entry = details.history().get(i - 1);
            text.append(lines.get(i)).append('\n');
            if (entry.revision().pipeline() != null) {
                text.append("  ").append(entry.revision().pipeline()).append('\n');
            }
            if (!entry.message().isEmpty()) {
                text.append("  ").append(entry.message()).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public String json() {
        return Json.write(entries(details));
    }

    /** The kept versions, the newest first. */
    public String versions() {
        if (details.kept().isEmpty()) {
            return details.status().project()
                    + " has no version to roll back to; each deploy of a persistent environment keeps one\n";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(KEPT_HEAD);
        details.kept().forEach(version -> rows.add(row(version)));
        return Columns.lines(rows).stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    public String versionsJson() {
        return Json.write(versions(details));
    }

    /** One deploy on one line. */
    static String line(HistoryEntry entry) {
        return entry.number() + " " + entry.ended() + " " + result(entry)
                + (entry.revision().author() == null
                        ? ""
                        : " by " + entry.revision().author());
    }

    static List<Map<String, @Nullable Object>> entries(StackDetails details) {
        return details.history().stream().map(HistoryReport::members).toList();
    }

    static List<Map<String, @Nullable Object>> versions(StackDetails details) {
        return details.kept().stream()
                .map(version -> {
                    var members =
                            entry(details, version).map(HistoryReport::members).orElseGet(LinkedHashMap::new);
                    members.put("number", version.number());
                    members.put("images", version.images());
                    members.put("imageIds", version.imageIds());
                    return members;
                })
                .toList();
    }

    private static Optional<HistoryEntry> entry(StackDetails details, KeptVersion version) {
        return details.history().stream()
                .filter(entry -> entry.number() == version.number() && entry.outcome() == Outcome.OK)
                .findFirst();
    }

    private static Map<String, @Nullable Object> members(HistoryEntry entry) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("number", entry.number());
        members.put("ended", entry.ended().toString());
        members.put("seconds", entry.took() == null ? null : entry.took().toSeconds());
        members.put("outcome", entry.outcome().name());
        members.put("message", entry.message().isEmpty() ? null : entry.message());
        members.put("changed", entry.changed());
        members.put("rollback", entry.rollback() == 0 ? null : entry.rollback());
        members.put("branch", entry.revision().branch());
        members.put("commit", entry.revision().commit());
        members.put("author", entry.revision().author());
        members.put("pipeline", entry.revision().pipeline());
        return members;
    }

    private static List<String> row(HistoryEntry entry) {
        return List.of(
                String.valueOf(entry.number()),
                entry.ended().toString(),
                entry.took() == null ? "-" : Durations.brief(entry.took()),
                result(entry),
                text(entry.revision().author()),
                text(entry.revision().branch()),
                commit(entry));
    }

    private List<String> row(KeptVersion version) {
        var entry = entry(details, version);
        var images = version.images().entrySet().stream()
                .map(image -> image.getKey() + "="
                        + image(image.getValue(), version.imageIds().get(image.getKey())))
                .collect(Collectors.joining(" "));
        return List.of(
                String.valueOf(version.number()),
                entry.map(known -> known.ended().toString()).orElse("-"),
                entry.map(HistoryReport::commit).orElse("-"),
                entry.map(known -> text(known.revision().author())
                                + (known.rollback() == 0 ? "" : " (rollback to " + known.rollback() + ")"))
                        .orElse("-"),
                images);
    }

    /** A name that is an ID is enough. */
    private static String image(String name, @Nullable String id) {
        return id == null || name.startsWith("sha256:")
                ? name.substring(0, Math.min(SHORT_ID, name.length()))
                : name + "@" + id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    private static String result(HistoryEntry entry) {
        var result = entry.outcome() == Outcome.UNKNOWN
                ? "killed"
                : entry.outcome().name() + (entry.outcome() == Outcome.OK && !entry.changed() ? ", unchanged" : "");
        return entry.rollback() == 0 ? result : result + ", rollback to " + entry.rollback();
    }

    private static String commit(HistoryEntry entry) {
        return StackTable.shortCommit(entry.revision());
    }

    private static String text(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
