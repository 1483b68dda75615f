package io.github.xdevops.compose.server;

import io.github.xdevops.compose.render.StackBuilder;
import java.util.Map;

/**
 * The result of transferring images to a server.
 *
 * @param images the image ID of each service, {@code sha256:…}; see {@link StackBuilder#images(Map)}
 * @param layers the number of layers in these images, 0 or more
 * @param sent the number of layers that the server lacked
 * @param bytes the number of bytes sent
 */
public record CarriedImages(Map<String, String> images, int layers, int sent, long bytes) {
    /** Copies the map. */
    public CarriedImages {
        images = Map.copyOf(images);
    }
}
