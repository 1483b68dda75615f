package io.github.xdevops.compose;

import java.util.List;

/**
 * One stack as it was when its server was asked.
 *
 * @param status what the list says of it
 * @param services its containers, in the order of their services' names; empty if it has none, or if Docker does not answer
 *     (then the state is {@code unknown})
 */
public record StackDetails(StackStatus status, List<ServiceStatus> services) {
    /** Details whose list is fixed. */
    public StackDetails {
        services = List.copyOf(services);
    }
}
