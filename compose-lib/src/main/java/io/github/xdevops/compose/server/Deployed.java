package io.github.xdevops.compose.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a deploy.
 *
 * @param project its name on the server
 * @param urls its public URLs; the first is the main one
 * @param expires its expiry by the server's clock, or {@code null} if it is persistent
 * @param generation the number of deploys of this record, from 1
 * @param changed whether any container was created or started; false for a redeploy without changes
 * @param phases the duration of each phase, in order
 * @param warnings of the URL check, one line each; empty without a check
 */
public record Deployed(
        String project,
        List<String> urls,
        @Nullable Instant expires,
        long generation,
        boolean changed,
        Map<String, Duration> phases,
        List<String> warnings) {
    /** Copies the collections. */
    public Deployed {
        urls = List.copyOf(urls);
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        warnings = List.copyOf(warnings);
    }

    Deployed with(Map<String, Duration> allPhases, List<String> newWarnings) {
        return new Deployed(project, urls, expires, generation, changed, allPhases, newWarnings);
    }
}
