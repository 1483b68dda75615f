package io.github.xdevops.compose.backup;

import java.time.Instant;
import java.util.List;

/**
 * A backup that can be restored.
 *
 * @param id the short form of its ID
 * @param time when it was made
 * @param deploy the number of the deploy that it belongs to; 0 if unknown
 * @param contents what it holds: {@code dumps:db.dump}, {@code volumes:files}, {@code home}
 */
public record Snapshot(String id, Instant time, long deploy, List<String> contents) {
    /** Copies the list. */
    public Snapshot {
        contents = List.copyOf(contents);
    }
}
