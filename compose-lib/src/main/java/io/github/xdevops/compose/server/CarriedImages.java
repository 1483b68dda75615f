package io.github.xdevops.compose.server;

import io.github.xdevops.compose.render.StackBuilder;
import java.util.Map;

/**
 * What was carried to a server.
 *
 * @param images the exact image of each service, as {@code sha256:…}; see {@link StackBuilder#images(Map)}
 * @param layers how many layers these images have in all, 0 or more
 * @param sent how many of them were sent, because the server lacked them
 * @param bytes how many bytes these took on the way
 */
public record CarriedImages(Map<String, String> images, int layers, int sent, long bytes) {
    /** Copies the map. */
    public CarriedImages {
        images = Map.copyOf(images);
    }
}
