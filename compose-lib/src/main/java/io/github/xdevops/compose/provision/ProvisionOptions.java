package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.render.BasicAuth;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The owner's answers about a server. For {@code null}, the server uses the answer of an earlier run.
 *
 * @param role what the server is for
 * @param domain the domain below which environments get their names; it is checked, printed, and remembered
 * @param email where Let's Encrypt writes to when a certificate is in trouble; needed for HTTPS
 * @param pipelineKey a public key that may deploy and take down environments, and nothing else
 * @param serverName the DNS name by which the server is reached; one that has no such name itself gets it
 * @param dns the access to the domain's DNS provider, for a wildcard certificate
 * @param basicAuth {@code name:password}, or {@code name:hash} with a bcrypt hash: who may see the list of environments; with it, a
 *     production server has a list, too
 * @param force restarts Docker under running containers if its configuration needs it, and accepts an owner's own Traefik
 * @param dryRun changes nothing and reports what would change
 */
public record ProvisionOptions(
        @Nullable Role role,
        @Nullable String domain,
        @Nullable String email,
        @Nullable String pipelineKey,
        @Nullable String serverName,
        @Nullable DnsChallenge dns,
        @Nullable String basicAuth,
        boolean force,
        boolean dryRun) {
    /** The options with which the server was set up before. */
    public static final ProvisionOptions REMEMBERED = builder().build();

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._@+-]{1,64}:.*");
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}");
    private static final Pattern KEY =
            Pattern.compile("(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [A-Za-z0-9@._+ -]*)?");
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Keeps the hash of a password only.
     *
     * @throws ComposeException {@code USAGE} if a value is not acceptable
     */
    public ProvisionOptions {
        if (domain != null) {
            domain = Address.parse(domain).host();
        }
        if (email != null && !EMAIL.matcher(email).matches()) {
            throw ComposeException.usage("compose.email = `" + email + "` is not an address such as ops@example.com");
        }
        if (pipelineKey != null && !KEY.matcher(pipelineKey).matches()) {
            throw ComposeException.usage(
                    "The pipeline's key is not a line of a public key of OpenSSH with a plain comment");
        }
        if (basicAuth != null) {
            if (!USER.matcher(basicAuth).matches()) {
                throw ComposeException.usage(
                        "compose.basicAuth must be name:password, with a name of letters, digits and ._@+-");
            }
            basicAuth = BasicAuth.hashed(basicAuth, "list of environments");
        }
        if (serverName != null && !DNS_NAME.matcher(serverName).matches()) {
            throw ComposeException.usage("`" + serverName + "` is not a DNS name with a domain");
        }
    }

    /** A builder without answers. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builder of options; every answer is optional, and {@code null} where it is not given. */
    public static final class Builder {
        private @Nullable Role role;
        private @Nullable String domain;
        private @Nullable String email;
        private @Nullable String pipelineKey;
        private @Nullable String serverName;
        private @Nullable DnsChallenge dns;
        private @Nullable String basicAuth;
        private boolean force;
        private boolean dryRun;

        private Builder() {}

        /** Sets the purpose of the server. */
        public Builder role(@Nullable Role value) {
            role = value;
            return this;
        }

        /** Sets the domain of the environments. */
        public Builder domain(@Nullable String value) {
            domain = value;
            return this;
        }

        /** Sets the e-mail address for Let's Encrypt. */
        public Builder email(@Nullable String value) {
            email = value;
            return this;
        }

        /** Sets the pipeline's public key, one line. */
        public Builder pipelineKey(@Nullable String value) {
            pipelineKey = value;
            return this;
        }

        /** Sets the host name of the server. An IP address, or a name without a domain, counts as none. */
        public Builder reachedAs(@Nullable String host) {
            var name = host == null ? "" : host.toLowerCase(Locale.ROOT);
            serverName = DNS_NAME.matcher(name).matches() ? name : null;
            return this;
        }

        /** Sets the access to the domain's DNS provider. */
        public Builder dns(@Nullable DnsChallenge value) {
            dns = value;
            return this;
        }

        /** Sets the user of the list of environments, as {@code name:password} or {@code name:hash}. */
        public Builder basicAuth(@Nullable String value) {
            basicAuth = value;
            return this;
        }

        /** Restarts Docker under running containers, and accepts an owner's own Traefik. */
        public Builder force(boolean value) {
            force = value;
            return this;
        }

        /** Changes nothing. */
        public Builder dryRun(boolean value) {
            dryRun = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws ComposeException {@code USAGE} if a value is not acceptable
         */
        public ProvisionOptions build() {
            return new ProvisionOptions(role, domain, email, pipelineKey, serverName, dns, basicAuth, force, dryRun);
        }
    }
}
