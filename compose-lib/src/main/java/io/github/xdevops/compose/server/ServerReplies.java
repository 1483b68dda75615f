package io.github.xdevops.compose.server;

import io.github.xdevops.compose.server.ServerStatus.Sweeper;
import io.github.xdevops.compose.server.StackStatus.State;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the script's replies about a whole server: its records, its last sweep, and the caller of the sweeper. */
public final class ServerReplies {
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final int MOST = 20;

    private final RecordReplies records = new RecordReplies();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private @Nullable Instant swept;
    private @Nullable Sweeper sweeper;
    private String notice = "";

    public void hear(String word, String text) {
        switch (word) {
            case "sweep" -> sweep(text);
            case "sweeper" -> sweeper = Sweeper.of(text.strip());
            case "left" ->
                warnings.add(Printable.line(text)
                        + " on the server could not be deleted, because of files of another user; delete it as root");
            case "warning" -> {
                warnings.add(Printable.line(text));
                records.hear(word, text);
            }
            default -> records.hear(word, text);
        }
    }

    /**
     * The status from the collected replies.
     *
     * @param now the server's time
     */
    public ServerStatus status(Instant now) {
        var stacks = records.statuses(now, problems);
        var all = new ArrayList<>(warnings);
        var ending = stacks.stream()
                .filter(stack -> stack.expires() != null || stack.state() == State.REMOVING)
                .count();
        if (ending > 0 && (swept == null || Duration.between(swept, now).abs().compareTo(LATE) > 0)) {
            all.add(late(ending, now));
        }
        if (!notice.isEmpty()) {
            all.add("The last sweep reported: " + notice);
        }
        problems.entrySet().stream()
                .limit(MOST)
                .forEach(problem -> all.add(problem.getKey() + " was not removed: " + problem.getValue()));
        if (problems.size() > MOST) {
            all.add("… and " + (problems.size() - MOST) + " more were not removed");
        }
        return new ServerStatus(stacks, swept, sweeper, all);
    }

    private String late(long ending, Instant now) {
        var since = swept == null ? null : Duration.between(swept, now);
        var last = "The sweeper has never run on this server";
        if (since != null) {
            last = since.isNegative()
                    ? "The last sweep was before the server's clock was set back"
                    : "The last sweep was " + since.toMinutes() + " min ago";
        }
        return last + ", and " + ending + (ending == 1 ? " environment expires" : " environments expire")
                + ". Run compose:sweep to remove expired ones; "
                + timer();
    }

    private String timer() {
        if (sweeper == null) {
            return "the next compose:deploy or compose:extend sets up a timer there";
        }
        return sweeper == Sweeper.NONE
                ? "no timer could be set up there: install cron, or run compose:sweep every minute"
                : "its timer (" + sweeper + ") is not running: check it on the server, or deploy to set it up again";
    }

    private void sweep(String text) {
        Map<?, ?> members;
        try {
            members = Json.parse(text) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IllegalArgumentException e) {
            // Longer than a line may be, or written by somebody else. When it was still counts.
            var when = text.replaceFirst("(?s)^\\{\"when\":([0-9]{1,12}),.*", "$1");
            members = when.matches("[0-9]{1,12}") ? Map.of("when", Long.valueOf(when)) : Map.of();
            warnings.add("The status of the last sweep cannot be read; see sweep-status.json on the server");
        }
        var when = StackRecord.number(members.get("when"));
        swept = when == 0 || when > 999_999_999_999L ? null : Instant.ofEpochSecond(when);
        notice = members.get("notice") instanceof String said ? Printable.line(Wording.of(said)) : "";
        if (members.get("errors") instanceof List<?> errors) {
            errors.forEach(error -> {
                if (error instanceof Map<?, ?> one && one.get("project") instanceof String project) {
                    problems.put(
                            Printable.line(project),
                            one.get("reason") instanceof String reason
                                    ? Printable.line(Wording.of(reason))
                                    : "no reason");
                }
            });
        }
    }
}
