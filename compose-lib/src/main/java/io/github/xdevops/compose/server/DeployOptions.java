package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Timeouts;
import java.util.List;
import java.util.Set;

/**
 * How a stack is deployed.
 *
 * @param timeouts how long each step may take
 * @param permissions what the deploy may do that it is refused otherwise
 * @param logins the users as whom the server pulls images, at most one for a registry; nothing of them stays on the server after the
 *     deploy, and no other deploy uses them
 */
public record DeployOptions(Timeouts timeouts, Set<Permission> permissions, List<RegistryLogin> logins) {
    /** Default timeouts, no permissions, no logins. */
    public static final DeployOptions DEFAULT = within(Timeouts.DEFAULT);

    /** Copies the collections. */
    public DeployOptions {
        permissions = Set.copyOf(permissions);
        logins = List.copyOf(logins);
    }

    /** These timeouts, no permissions, no logins. */
    public static DeployOptions within(Timeouts timeouts) {
        return new DeployOptions(timeouts, Set.of(), List.of());
    }

    /** The same with these permissions. */
    public DeployOptions withPermissions(Set<Permission> permissions) {
        return new DeployOptions(timeouts, permissions, logins);
    }

    /** The same with these logins. */
    public DeployOptions withLogins(List<RegistryLogin> logins) {
        return new DeployOptions(timeouts, permissions, logins);
    }
}
