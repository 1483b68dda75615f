package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Forwards replies of the server and measures the duration of each phase. */
final class PhaseClock implements BiConsumer<String, String> {
    private final Progress progress;
    private final Map<String, Duration> durations = new LinkedHashMap<>();
    private final PulledLayers layers = new PulledLayers();
    private String phase = "start";
    private long since = System.nanoTime();

    PhaseClock(Progress progress) {
        this.progress = progress;
        progress.phase(phase);
    }

    @Override
    public void accept(String word, String text) {
        show(word, Printable.line(text));
    }

    private void show(String word, String text) {
        if (word.equals("phase")) {
            end();
            phase = text;
            progress.phase(text);
        } else if (word.equals("waiting")) {
            progress.waiting(text);
        } else if (layers.hear(text)) {
            if (layers.known() > 0) {
                progress.transfer("pulled", layers.received(), layers.known());
            }
        } else if (!text.isBlank()) {
            progress.line(text);
        }
    }

    /** The phases so far, in order; stops the last one. */
    Map<String, Duration> durations() {
        end();
        return Collections.unmodifiableMap(durations);
    }

    private void end() {
        var now = System.nanoTime();
        durations.merge(phase, Duration.ofNanos(now - since), Duration::plus);
        since = now;
    }
}
