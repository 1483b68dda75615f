package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.StackStatus;
import io.github.xdevops.compose.file.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stacks of a server as text. */
final class StackTable {
    private static final List<String> HEAD = List.of("PROJECT", "URL", "STATE", "AGE", "TIME LEFT", "BRANCH", "COMMIT");
    private static final int SHORT_COMMIT = 8;

    private StackTable() {}

    static String table(List<StackStatus> stacks) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        stacks.forEach(stack -> rows.add(row(stack)));
        var text = new StringBuilder();
        for (var row : rows) {
            for (int column = 0; column < HEAD.size(); column++) {
                var cell = row.get(column);
                text.append(cell);
                if (column < HEAD.size() - 1) {
                    text.append(" ".repeat(width(rows, column) - cell.length() + 2));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    static String json(List<StackStatus> stacks) {
        return Json.write(stacks.stream().map(StackTable::members).toList());
    }

    private static List<String> row(StackStatus stack) {
        var commit = text(stack.revision().commit());
        return List.of(
                stack.project(),
                stack.urls().isEmpty() ? "-" : stack.urls().get(0),
                stack.state(),
                stack.created() == null ? "-" : Ages.brief(Duration.between(stack.created(), stack.now())),
                left(stack),
                text(stack.revision().branch()),
                commit.substring(0, Math.min(SHORT_COMMIT, commit.length())));
    }

    private static String left(StackStatus stack) {
        return stack.expires() == null ? "forever" : Ages.brief(Duration.between(stack.now(), stack.expires()));
    }

    private static Map<String, @Nullable Object> members(StackStatus stack) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("project", stack.project());
        members.put("urls", stack.urls());
        members.put("state", stack.state());
        members.put("created", time(stack.created()));
        members.put("expires", time(stack.expires()));
        members.put("running", stack.running());
        members.put("containers", stack.containers());
        members.put("repository", stack.repository());
        members.put("environment", stack.environment());
        members.put("branch", stack.revision().branch());
        members.put("commit", stack.revision().commit());
        members.put("author", stack.revision().author());
        members.put("pipeline", stack.revision().pipeline());
        members.put("sequence", stack.revision().sequence());
        return members;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String text(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
