package io.github.xdevops.compose.file.variables;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Mark;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables that {@code ${…}} may name. */
public interface Variables {

    /** The value, or null when the variable is not set. */
    @Nullable
    String get(String name);

    static Variables of(Map<String, String> values) {
        return values::get;
    }

    /** Returns variables that are never set, and that refuse some names. */
    static Variables refusing(Set<String> names) {
        return name -> {
            if (names.contains(name)) {
                throw ComposeFileException.at(
                        Mark.of("the variable " + name),
                        "it holds a secret of the pipeline, which no file of the project may use; give a service what it needs"
                                + " under another name, with compose.env.NAME");
            }
            return null;
        };
    }

    /** Returns variables that fall back to a second source. */
    default Variables or(Variables second) {
        return name -> {
            String value = get(name);
            return value == null ? second.get(name) : value;
        };
    }
}
