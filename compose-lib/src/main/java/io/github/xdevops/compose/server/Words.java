package io.github.xdevops.compose.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of a request to the server's script, {@code KEY=VALUE} each. */
final class Words {
    private final List<String> all = new ArrayList<>();

    static Words of(String key, Object value) {
        return new Words().and(key, value);
    }

    /**
     * @param value the value; {@code null} adds no word
     */
    Words and(String key, @Nullable Object value) {
        if (value != null) {
            all.add(key + "=" + (value instanceof Duration time ? time.toSeconds() : value));
        }
        return this;
    }

    Words andIf(boolean wanted, String key) {
        return and(key, wanted ? "yes" : null);
    }

    Words andAll(List<String> words) {
        all.addAll(words);
        return this;
    }

    List<String> list() {
        return List.copyOf(all);
    }
}
