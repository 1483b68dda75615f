package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options of a deploy.
 *
 * @param timeouts the time limits
 * @param permissions the optional permissions
 * @param logins the logins for pulling images, at most one per registry; they are deleted from the server after the deploy, and
 *     no other deploy uses them
 * @param seed the project of a persistent environment on the same server, or {@code PROJECT@SNAPSHOT}: a new environment begins with
 *     the data of its newest or of that snapshot; {@code null} for none. One that is there already keeps its data
 * @param sleep the time without requests after which the environment is stopped until the next one, at least five minutes; zero
 *     for never, {@code null} for the server's default
 */
public record DeployOptions(
        Timeouts timeouts,
        Set<Permission> permissions,
        List<RegistryLogin> logins,
        @Nullable String seed,
        @Nullable Duration sleep) {
    private static final Duration SHORTEST_SLEEP = Duration.ofMinutes(5);
    private static final Pattern SEED = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}(@[0-9a-f]{8,64})?");

    /** Default timeouts, no permissions, no logins. */
    public static final DeployOptions DEFAULT = within(Timeouts.DEFAULT);

    /**
     * Copies the collections.
     *
     * @throws ComposeException {@code USAGE} if the seed is neither a project nor a project with a snapshot, or {@code sleep} is
     *     less than five minutes and not zero
     */
    public DeployOptions {
        if (seed != null && !SEED.matcher(seed).matches()) {
            throw ComposeException.usage("compose.seed = `" + seed
                    + "` is neither an environment nor ENVIRONMENT@SNAPSHOT with an ID of compose:snapshots");
        }
        if (sleep != null && !sleep.isZero() && sleep.compareTo(SHORTEST_SLEEP) < 0) {
            throw ComposeException.usage(
                    "compose.sleep is less than five minutes (5m): Traefik's counters are read once a minute");
        }
        permissions = Set.copyOf(permissions);
        logins = List.copyOf(logins);
    }

    /** Options with these timeouts, no permissions, no logins. */
    public static DeployOptions within(Timeouts timeouts) {
        return new DeployOptions(timeouts, Set.of(), List.of(), null, null);
    }

    /** Returns a copy with these permissions. */
    public DeployOptions withPermissions(Set<Permission> permissions) {
        return new DeployOptions(timeouts, permissions, logins, seed, sleep);
    }

    /** Returns a copy with these logins. */
    public DeployOptions withLogins(List<RegistryLogin> logins) {
        return new DeployOptions(timeouts, permissions, logins, seed, sleep);
    }

    /** Returns a copy with this sleep, or {@code null} for the server's default. */
    public DeployOptions withSleep(@Nullable Duration sleep) {
        return new DeployOptions(timeouts, permissions, logins, seed, sleep);
    }

    /** Returns a copy with this seed. */
    public DeployOptions withSeed(@Nullable String seed) {
        return new DeployOptions(timeouts, permissions, logins, seed, sleep);
    }
}
