package io.github.xdevops.compose;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.template.Templates;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is laid over a stack.
 *
 * @param names overlays that were asked for
 * @param overrides single values, by their path below {@code services}
 * @param caller where variables without a value come from
 * @param templates the overlays themselves
 */
record Overlays(
        List<String> names,
        Map<String, String> overrides,
        UnaryOperator<@Nullable String> caller,
        Templates templates) {
    /** These need the routers' names, so they come after them. */
    private static final List<String> OF_ROUTERS = List.of("basicauth", "noindex");

    /** The stack with variables from the caller and single values from the outside. */
    ComposeFile changed(ComposeFile file) {
        var whole = CallerVariables.overlay(file.tree(), caller)
                .map(overlay -> file.merge(overlay, "the caller's variables"))
                .orElse(file);
        return overrides.isEmpty()
                ? whole
                : whole.merge(ServiceOverrides.overlay(whole.tree(), overrides), "compose.services");
    }

    List<String> ofServices() {
        return names.stream().filter(name -> !OF_ROUTERS.contains(name)).toList();
    }

    List<String> ofRouters() {
        return names.stream().filter(OF_ROUTERS::contains).toList();
    }
}
