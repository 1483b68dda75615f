package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the event of a GitHub Actions workflow. Only this file names the source branch of a pull request. */
public final class PipelineEvent {
    private PipelineEvent() {}

    /** The event as JSON; empty if there is none or it is unreadable. */
    public static Map<String, @Nullable Object> read(Map<String, String> variables) {
        var event = new LinkedHashMap<String, @Nullable Object>();
        var file = variables.get("GITHUB_EVENT_PATH");
        try {
            if (file != null && Json.parse(Files.readString(Path.of(file))) instanceof Map<?, ?> all) {
                all.forEach((name, value) -> event.put(String.valueOf(name), value));
            }
        } catch (IOException | IllegalArgumentException e) {
            event.clear(); // then every pull request counts as a fork's
        }
        return event;
    }
}
