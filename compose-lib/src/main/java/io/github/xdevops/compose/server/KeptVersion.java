package io.github.xdevops.compose.server;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A version of a persistent stack that {@link Stacks#rollback} can bring back. Texts are safe to print.
 *
 * @param number the number of the deploy
 * @param images the name of each service's image in the compose file
 * @param imageIds the ID of the image that ran, by service, even if the name has moved
 */
public record KeptVersion(long number, Map<String, String> images, Map<String, String> imageIds) {
    /** Copies the maps, sorted by service. */
    public KeptVersion {
        images = Collections.unmodifiableMap(new TreeMap<>(images));
        imageIds = Collections.unmodifiableMap(new TreeMap<>(imageIds));
    }
}
