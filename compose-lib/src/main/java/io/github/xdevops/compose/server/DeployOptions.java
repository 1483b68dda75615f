package io.github.xdevops.compose.server;

import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Timeouts;
import java.util.List;
import java.util.Set;

/**
 * Options of a deploy.
 *
 * @param timeouts the time limits
 * @param permissions the optional permissions
 * @param logins the logins for pulling images, at most one per registry; they are deleted from the server after the deploy, and
 *     no other deploy uses them
 */
public record DeployOptions(Timeouts timeouts, Set<Permission> permissions, List<RegistryLogin> logins) {
    /** Default timeouts, no permissions, no logins. */
    public static final DeployOptions DEFAULT = within(Timeouts.DEFAULT);

    /** Copies the collections. */
    public DeployOptions {
        permissions = Set.copyOf(permissions);
        logins = List.copyOf(logins);
    }

    /** Options with these timeouts, no permissions, no logins. */
    public static DeployOptions within(Timeouts timeouts) {
        return new DeployOptions(timeouts, Set.of(), List.of());
    }

    /** Returns a copy with these permissions. */
    public DeployOptions withPermissions(Set<Permission> permissions) {
        return new DeployOptions(timeouts, permissions, logins);
    }

    /** Returns a copy with these logins. */
    public DeployOptions withLogins(List<RegistryLogin> logins) {
        return new DeployOptions(timeouts, permissions, logins);
    }
}
