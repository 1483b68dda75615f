package io.github.xdevops.compose.file;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that {@code ${…}} may name. */
interface Variables {

    /** The value, or null when the variable is not set. */
    @Nullable
    String get(String name);

    static Variables of(Map<String, String> values) {
        return values::get;
    }

    /** What the first does not know, the second may. */
    default Variables or(Variables second) {
        return name -> {
            String value = get(name);
            return value == null ? second.get(name) : value;
        };
    }
}
