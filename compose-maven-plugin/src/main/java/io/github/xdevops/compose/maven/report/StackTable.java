package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.server.BackupStatus;
import io.github.xdevops.compose.server.StackStatus;
import io.github.xdevops.compose.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stacks of a server as a table. */
public final class StackTable {
    private static final List<String> HEAD =
            List.of("PROJECT", "STATE", "TIME LEFT", "DEPLOY", "OWNER", "BRANCH", "COMMIT");
    private static final int SHORT_COMMIT = 8;
    private static final int LONGEST_OWNER = 16;
    private static final int LONGEST_BRANCH = 24;

    private StackTable() {}

    public static String table(List<StackStatus> stacks) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        stacks.forEach(stack -> rows.add(row(stack)));
        var text = new StringBuilder();
        var lines = Columns.lines(rows);
        for (int i = 0; i < lines.size(); i++) {
            text.append(lines.get(i)).append('\n');
            if (i > 0) {
                details(stacks.get(i - 1))
                        .forEach(line -> text.append("  ").append(line).append('\n'));
            }
        }
        return text.toString();
    }

    /** Details that are too long for a column. */
    private static List<String> details(StackStatus stack) {
        var lines = new ArrayList<>(stack.urls());
        if (stack.revision().pipeline() != null) {
            lines.add(stack.revision().pipeline());
        }
        if (stack.problem() != null) {
            lines.add("not removed: " + stack.problem());
        }
        if (stack.backup() != null) {
            lines.add("backup " + backup(stack.backup(), stack.now()));
        }
        return lines;
    }

    public static String json(List<StackStatus> stacks) {
        return Json.write(stacks.stream().map(StackTable::members).toList());
    }

    private static List<String> row(StackStatus stack) {
        return List.of(
                stack.project(),
                stack.state().toString(),
                left(stack),
                text(word(stack)),
                cut(text(stack.revision().author()), LONGEST_OWNER),
                cut(text(stack.revision().branch()), LONGEST_BRANCH),
                shortCommit(stack.revision()));
    }

    static String shortCommit(Revision revision) {
        var commit = text(revision.commit());
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private static String left(StackStatus stack) {
        if (stack.expires() == null) {
            return stack.pinned() ? "pinned" : "forever";
        }
        var left = Duration.between(stack.now(), stack.expires());
        return left.compareTo(Duration.ZERO) > 0 ? Durations.brief(left) : "overdue " + Durations.brief(left.negated());
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    static Map<String, @Nullable Object> members(StackStatus stack) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("project", stack.project());
        members.put("urls", stack.urls());
        members.put("state", stack.state().toString());
        members.put("deploy", word(stack));
        members.put("created", time(stack.created()));
        members.put("expires", time(stack.expires()));
        members.put(
                "secondsLeft",
                stack.expires() == null
                        ? null
                        : Duration.between(stack.now(), stack.expires()).toSeconds());
        members.put("pinned", stack.pinned());
        members.put("running", stack.running());
        members.put("containers", stack.containers());
        members.put("repository", stack.repository());
        members.put("environment", stack.environment());
        members.put("branch", stack.revision().branch());
        members.put("commit", stack.revision().commit());
        members.put("author", stack.revision().author());
        members.put("message", stack.revision().message());
        members.put("pipeline", stack.revision().pipeline());
        members.put("sequence", stack.revision().sequence());
        members.put("problem", stack.problem());
        members.put("backup", stack.backup() == null ? null : members(stack.backup(), stack.now()));
        members.put("seed", stack.seed());
        return members;
    }

    private static Map<String, @Nullable Object> members(BackupStatus backup, Instant now) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("last", time(backup.last()));
        members.put("drill", time(backup.drill()));
        members.put("overdue", backup.overdue(now));
        members.put("problem", backup.problem());
        return members;
    }

    /** The ages of the last backup and the last drill. */
    static String backup(BackupStatus backup, Instant now) {
        return age(backup.last(), now) + ", drill " + age(backup.drill(), now)
                + (backup.overdue(now) ? ", overdue" : "")
                + (backup.problem() == null ? "" : ": " + backup.problem());
    }

    private static String age(@Nullable Instant time, Instant now) {
        return time == null ? "never" : Durations.brief(Duration.between(time, now)) + " ago";
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static String text(@Nullable String value) {
        return value == null ? "-" : value;
    }

    private static @Nullable String word(StackStatus stack) {
        return stack.deploy() == null ? null : stack.deploy().toString();
    }
}
