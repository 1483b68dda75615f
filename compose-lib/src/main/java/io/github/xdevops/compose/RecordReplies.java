package io.github.xdevops.compose;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what the script says of records and their containers. */
final class RecordReplies {
    private final List<String> records = new ArrayList<>();
    private final Map<String, List<String>> states = new LinkedHashMap<>();

    void hear(String word, String text) {
        if (word.equals("record")) {
            records.add(text);
        } else if (word.equals("container")) {
            var parts = text.split(" ", 3);
            states.computeIfAbsent(parts[0], project -> new ArrayList<>()).add(parts.length > 1 ? parts[1] : "");
        }
    }

    /** @param reply the result, which has the server's time */
    List<StackStatus> statuses(Reply reply) {
        var now = Instant.ofEpochSecond(StackRecord.number(reply.members().get("now")));
        return records.stream()
                .map(record -> StackRecord.status(record, states, now))
                .toList();
    }
}
