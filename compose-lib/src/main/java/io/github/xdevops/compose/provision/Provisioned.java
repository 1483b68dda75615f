package io.github.xdevops.compose.provision;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that is set up, or would be.
 *
 * @param role what it is for
 * @param domain as it was given or remembered, or {@code null}
 * @param hostKeys its public host keys, a type and a key each, as {@code ssh-ed25519 AAAA…}
 * @param steps in their order
 */
public record Provisioned(Role role, @Nullable String domain, List<String> hostKeys, List<Step> steps) {
    /** The login that deploys. */
    public static final String LOGIN = "deploy";

    /** Where the login's records are, unless the owner gave it another home. */
    public static final String STATE_DIRECTORY = "/home/" + LOGIN + "/.yourlabs.compose";

    /** Copies the lists. */
    public Provisioned {
        hostKeys = List.copyOf(hostKeys);
        steps = List.copyOf(steps);
    }

    /** How many steps changed something, or would; 0 or more. */
    public long changed() {
        return steps.stream().filter(step -> step.state() != Step.State.OK).count();
    }
}
