package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.template.Templates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The overlays of a stack.
 *
 * @param names the requested overlays
 * @param overrides overrides of single values, by their path below {@code services}
 * @param images the exact images of services that are on the server
 * @param promoted the image of each service if the stack is promoted
 * @param templates the templates of the overlays
 */
record Overlays(
        List<String> names,
        Map<String, String> overrides,
        Map<String, String> images,
        @Nullable Map<String, String> promoted,
        Templates templates) {
    /** The overlay of {@link Access#www}, which nobody requests by its name. */
    static final String WWW = "www";

    /** Overlays that need the names of routers and therefore come after them. */
    private static final List<String> OF_ROUTERS = List.of(WWW, "basicauth", "noindex");

    /** Applies the overrides. */
    ComposeFile changed(ComposeFile file) {
        var all = new LinkedHashMap<>(overrides);
        if (file.tree().get("services") instanceof Map<?, ?> services) {
            services.keySet().stream().map(String::valueOf).forEach(service -> {
                var image = promoted == null ? images.get(service) : promoted(promoted, service);
                if (image != null) {
                    all.put(service + ".image", image);
                    all.put(service + ".pull_policy", ""); // no registry knows it
                }
            });
        }
        return all.isEmpty() ? file : file.merge(ServiceOverrides.overlay(file.tree(), all), "compose.services");
    }

    private static String promoted(Map<String, String> images, String service) {
        var image = images.get(service);
        if (image == null) {
            throw ComposeException.data(
                    "services." + service + " has no image to promote: the reviewed environment only has "
                            + String.join(", ", images.keySet()));
        }
        return image;
    }

    List<String> ofServices() {
        return names.stream().filter(name -> !OF_ROUTERS.contains(name)).toList();
    }

    List<String> ofRouters() {
        return names.stream().filter(OF_ROUTERS::contains).toList();
    }
}
