package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of a setup. A {@code null} option keeps the value of the server's last setup.
 *
 * @param role what the server is for; needed for the first time
 * @param domain the host name below which environments get theirs, as {@code ci.example.com}; only to be told about, and remembered
 * @param email where Let's Encrypt writes to when a certificate is in trouble; needed for {@link Role#PRODUCTION}
 * @param pipelineKey a public key that may deploy and take down environments, and nothing else
 * @param force restarts Docker under running containers if its configuration needs it, and accepts an owner's own Traefik
 * @param dryRun changes nothing and reports what would change
 */
public record ProvisionOptions(
        @Nullable Role role,
        @Nullable String domain,
        @Nullable String email,
        @Nullable String pipelineKey,
        boolean force,
        boolean dryRun) {
    /** As the server was set up before. */
    public static final ProvisionOptions REMEMBERED = new ProvisionOptions(null, null, null, null, false, false);

    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}");
    private static final Pattern KEY =
            Pattern.compile("(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [A-Za-z0-9@._+ -]*)?");

    /** @throws ComposeException {@code USAGE} if a value is not acceptable */
    public ProvisionOptions {
        if (domain != null) {
            domain = Address.parse(domain).host();
        }
        if (email != null && !EMAIL.matcher(email).matches()) {
            throw ComposeException.usage("compose.email = `" + email + "` is not an address such as ops@example.com");
        }
        if (email != null && role == Role.CI) {
            throw ComposeException.usage(
                    "compose.email is for certificates of compose.role=production: each branch would"
                            + " need one, and Let's Encrypt has a weekly limit");
        }
        if (pipelineKey != null && !KEY.matcher(pipelineKey).matches()) {
            throw ComposeException.usage(
                    "The pipeline's key is not a line of a public key of OpenSSH with a plain comment");
        }
    }
}
