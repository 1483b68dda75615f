package io.github.xdevops.compose.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stack that runs.
 *
 * @param project its name on the server
 * @param urls where it can be opened; the first is the one to show
 * @param expires when its lease ends by the server's clock, or {@code null} for never
 * @param generation how many times this record was deployed, from 1
 * @param changed whether any container was made or started; false for a redeploy of the same
 * @param phases how long each phase took, in order
 * @param warnings of the check of its URLs, one line each; empty where none was checked
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
