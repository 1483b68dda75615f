package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.plan.Change;
import io.github.xdevops.compose.plan.Change.Kind;
import io.github.xdevops.compose.plan.Difference;
import io.github.xdevops.compose.server.Plan;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan as text. */
public final class PlanReport {
    private static final int LONGEST = 120;
    private static final int CONTEXT = 20;

    private final Plan plan;

    public PlanReport(Plan plan) {
        this.plan = plan;
    }

    public String text() {
        var lines = new ArrayList<String>();
        for (var change : plan.changes()) {
            lines.add(sign(change.kind()) + " " + change.what() + " " + visible(change.name()));
            change.differences().forEach(difference -> lines.add("    " + line(change, difference)));
        }
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(summary());
        plan.notes().forEach(note -> lines.add("Note: " + note + "."));
        if (plan.refusal() != null) {
            lines.add("A deploy would be refused: " + plan.refusal());
        }
        return String.join("\n", lines) + "\n";
    }

    /** A summary of the plan in one line. */
    public String summary() {
        if (plan.renewsOnly()) {
            return plan.project() + ": no changes; a deploy would only renew the lease.";
        }
        if (plan.changes().isEmpty()) {
            return plan.project() + ": no changes to the compose file.";
        }
        return plan.project() + (plan.exists() ? ": " : " is new: ") + count(Kind.ADDED) + " to add, "
                + count(Kind.CHANGED) + " to change, " + count(Kind.REMOVED) + " to remove.";
    }

    public String json() {
        var held = plan.held();
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("project", plan.project());
        members.put("exists", plan.exists());
        members.put("state", held == null ? null : held.state().toString());
        members.put(
                "expires",
                held == null || held.expires() == null ? null : held.expires().toString());
        members.put("renewsOnly", plan.renewsOnly());
        members.put("changes", plan.changes().stream().map(PlanReport::members).toList());
        members.put("refusal", plan.refusal());
        members.put("notes", plan.notes());
        return Json.write(members);
    }

    private static Map<String, Object> members(Change change) {
        var members = new LinkedHashMap<String, Object>();
        members.put("change", change.kind().word());
        members.put("what", change.what());
        members.put("name", change.name());
        members.put(
                "differences",
                change.differences().stream().map(PlanReport::members).toList());
        return members;
    }

    private static Map<String, @Nullable Object> members(Difference difference) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("change", difference.kind().word());
        members.put("path", difference.path());
        members.put("masked", difference.masked());
        members.put("before", difference.before());
        members.put("after", difference.after());
        return members;
    }

    private static String line(Change change, Difference difference) {
        var path = difference.path().isEmpty() ? "value" : visible(String.join(".", difference.path()));
        var before = difference.before();
        var after = difference.after();
        if (before != null && after != null) {
            var common = common(before, after);
            return path + ": " + excerpt(before, common) + " → " + excerpt(after, common);
        }
        var value = before != null ? before : after;
        var kind = difference.kind() == change.kind()
                ? ""
                : " (" + difference.kind().word() + ")";
        return path + ":" + (value == null ? " (" + difference.kind().word() + ")" : " " + excerpt(value, 0) + kind);
    }

    /** A part of a long value, around the first difference. */
    private static String excerpt(String value, int common) {
        if (value.length() <= LONGEST) {
            return visible(value);
        }
        var from = Math.max(0, Math.min(common, value.length() - LONGEST + CONTEXT) - CONTEXT);
        var to = Math.min(value.length(), from + LONGEST);
        return visible((from > 0 ? "…" : "") + value.substring(from, to) + (to < value.length() ? "…" : ""));
    }

    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int i = 0;
        while (i < length && one.charAt(i) == other.charAt(i)) {
            i++;
        }
        return i;
    }

    /** The text on one line, without characters that would change the appearance of others. */
    private static String visible(String text) {
        var shown = Printable.escaped(text);
        return shown.isBlank() ? "\"" + shown + "\"" : shown;
    }

    private long count(Kind kind) {
        return plan.changes().stream().filter(change -> change.kind() == kind).count();
    }

    private static String sign(Kind kind) {
        return switch (kind) {
            case ADDED -> "+";
            case REMOVED -> "-";
            case CHANGED -> "~";
        };
    }
}
