package io.github.xdevops.compose.it.soak;

import java.util.Set;
import java.util.TreeSet;

/** What can be deployed; each container says which version it is of. */
public enum Version {
    A("web"),
    B("web"),
    C("web", "worker"),
    D("worker"),
    /** Its container ends at once. */
    CRASH("web"),
    /** Compose does not take the file. */
    REFUSED();

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> services;

    Version(String... services) {
        this.services = Set.of(services);
    }

    /** {@code service:version} of each container. */
    public Set<String> containers() {
        var containers = new TreeSet<String>();
        services.forEach(service -> containers.add(service + ":" + this));
        return containers;
    }
}
