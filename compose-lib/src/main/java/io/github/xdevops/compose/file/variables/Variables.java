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

    /** Has no value, and refuses some names by theirs. */
    static Variables refusing(Set<String> names) {
        return name -> {
            if (names.contains(name)) {
                throw ComposeFileException.at(
                        Mark.of("the variable " + name),
                        "it holds a secret of the pipeline, which no file of the project may use; what a service needs,"
                                + " give it under another name, with compose.env.NAME");
            }
            return null;
        };
    }

    /** What the first does not know, the second may. */
    default Variables or(Variables second) {
        return name -> {
            String value = get(name);
            return value == null ? second.get(name) : value;
        };
    }
}
