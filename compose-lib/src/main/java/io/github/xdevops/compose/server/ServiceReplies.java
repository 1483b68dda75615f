package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.text.Printable;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the script's replies about one stack and its containers. */
public final class ServiceReplies {
    private final ServerReplies record = new ServerReplies();
    private final HistoryReplies history = new HistoryReplies();
    private final List<ServiceStatus> services = new ArrayList<>();

    public void hear(String word, String text) {
        switch (word) {
            case "service" -> services.add(service(StackRecord.parse(text)));
            case "history" -> history.entry(text);
            case "kept" -> history.kept(text);
            default -> record.hear(word, text);
        }
    }

    /**
     * The details from the collected replies.
     *
     * @param now the server's time
     */
    public StackDetails details(Instant now) {
        var status = record.status(now).stacks().stream()
                .findFirst()
                .orElseThrow(() -> new ComposeException(Outcome.PROTO, "The server answered without a record"));
        services.sort(Comparator.comparing(ServiceStatus::service).thenComparing(ServiceStatus::container));
        return new StackDetails(status, services, history.entries(), history.kept());
    }

    private static ServiceStatus service(Map<String, @Nullable Object> members) {
        var state = text(members.get("state"));
        var ended = state.matches("exited|dead");
        return new ServiceStatus(
                text(members.get("service")),
                text(members.get("container")).replaceFirst("^/", ""),
                state,
                members.get("health") == null ? null : text(members.get("health")),
                ended ? (int) StackRecord.number(members.get("exit")) : null,
                (int) StackRecord.number(members.get("restarts")),
                text(members.get("image")),
                text(members.get("id")),
                time(members.get(ended ? "ended" : "started")));
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? Printable.line(text) : "";
    }

    /** Parses a time; Docker writes the year 1 for never. */
    private static @Nullable Instant time(@Nullable Object value) {
        try {
            var time = Instant.parse(String.valueOf(value));
            return time.isAfter(Instant.EPOCH) ? time : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
