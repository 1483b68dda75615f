package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Collects the script's replies about the deploys of a stack. */
final class HistoryReplies {
    private final List<HistoryEntry> entries = new ArrayList<>();
    private final Map<Long, KeptVersion> kept = new LinkedHashMap<>();

    /** Reads an entry; one that a damaged disk has spoiled is left out. */
    void entry(String json) {
        try {
            if (Json.parse(json) instanceof Map<?, ?> members) {
                entries.add(entry(members));
            }
        } catch (IllegalArgumentException e) {
            // The other entries are still useful.
        }
    }

    /** Reads {@code NUMBER SERVICE ID NAME}. */
    void kept(String text) {
        var parts = text.split(" ", 4);
        if (parts.length < 4 || !parts[0].matches("[0-9]{1,15}")) {
            return;
        }
        var known = kept.computeIfAbsent(Long.valueOf(parts[0]), number -> new KeptVersion(number, Map.of(), Map.of()));
        var images = new LinkedHashMap<>(known.images());
        var ids = new LinkedHashMap<>(known.imageIds());
        images.put(Printable.line(parts[1]), Printable.line(parts[3]));
        ids.put(Printable.line(parts[1]), Printable.line(parts[2]));
        kept.put(known.number(), new KeptVersion(known.number(), images, ids));
    }

    /** The newest first. */
    List<HistoryEntry> entries() {
        var all = new ArrayList<HistoryEntry>();
        entries.forEach(entry -> all.add(0, entry));
        return List.copyOf(all);
    }

    /** The newest first. */
    List<KeptVersion> kept() {
        return kept.values().stream()
                .sorted(Comparator.comparingLong(KeptVersion::number).reversed())
                .toList();
    }

    private static HistoryEntry entry(Map<?, ?> members) {
        var message = members.get("message") instanceof String text ? Printable.line(Wording.of(text)) : "";
        return new HistoryEntry(
                StackRecord.number(members.get("number")),
                Instant.ofEpochSecond(Math.min(StackRecord.number(members.get("ended")), 999_999_999_999L)),
                members.get("seconds") instanceof Long seconds && seconds >= 0 ? Duration.ofSeconds(seconds) : null,
                outcome(String.valueOf(members.get("word"))),
                message,
                Boolean.TRUE.equals(members.get("changed")),
                StackRecord.number(members.get("rollback")),
                StackRecord.revision(members.get("about"), members.get("by")));
    }

    private static Outcome outcome(String word) {
        return Stream.of(Outcome.values())
                .filter(outcome -> outcome.name().equals(word))
                .findFirst()
                .orElse(Outcome.UNKNOWN);
    }
}
