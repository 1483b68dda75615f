package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The details of one stack at the time of the call.
 *
 * @param status its status in the list
 * @param services its containers, in the order of their services' names; empty if it has none, or if Docker does not answer (then
 *     the state is {@code unknown})
 * @param history its last deploys, at most 50, the newest first
 * @param kept the versions that {@link Stacks#rollback} can bring back, at most five, the newest first; none of a review
 */
public record StackDetails(
        StackStatus status, List<ServiceStatus> services, List<HistoryEntry> history, List<KeptVersion> kept) {
    /** Copies the lists. */
    public StackDetails {
        services = List.copyOf(services);
        history = List.copyOf(history);
        kept = List.copyOf(kept);
    }

    /**
     * The image ID of each service, for {@code StackBuilder.promote}.
     *
     * @throws ComposeException {@code DATA} if containers of one service have different images, or none is known
     */
    public Map<String, String> images() {
        var images = new TreeMap<String, String>();
        for (var service : services) {
            var other = images.put(service.service(), service.imageId());
            if (!service.imageId().startsWith("sha256:") || (other != null && !other.equals(service.imageId()))) {
                throw ComposeException.data("the image of the service " + service.service() + " of " + status.project()
                        + " is unknown or ambiguous; deploy it again");
            }
        }
        if (images.isEmpty()) {
            throw ComposeException.data(status.project() + " has no containers that could be promoted");
        }
        return images;
    }
}
