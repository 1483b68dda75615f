package io.github.xdevops.compose;

import io.github.xdevops.compose.file.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Fills in the variables that services list without a value. */
final class CallerVariables {
    private CallerVariables() {}

    /** An overlay that sets what the caller knows; empty when that is nothing. */
    static Optional<String> overlay(Map<String, @Nullable Object> tree, UnaryOperator<@Nullable String> caller) {
        var changes = new LinkedHashMap<String, Object>();
        if (tree.get("services") instanceof Map<?, ?> services) {
            services.forEach((name, service) -> {
                if (service instanceof Map<?, ?> definition && definition.get("environment") instanceof Map<?, ?> all) {
                    var values = new LinkedHashMap<String, Object>();
                    all.forEach((key, value) -> {
                        var given = value == null ? caller.apply(String.valueOf(key)) : null;
                        if (given != null) {
                            values.put(String.valueOf(key), given);
                        }
                    });
                    if (!values.isEmpty()) {
                        changes.put(String.valueOf(name), Map.of("environment", values));
                    }
                }
            });
        }
        return changes.isEmpty() ? Optional.empty() : Optional.of(Json.write(Map.of("services", changes)));
    }
}
