package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.maven.report.ProvisionReport;
import io.github.xdevops.compose.provision.DnsChallenge;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a server with Debian 12, Ubuntu 22.04 or newer: Docker, Compose, Traefik, a login, a firewall. Needs root or sudo
 * without a password. A further run changes only what differs, and needs only {@code compose.host}.
 *
 * <p>Example: {@code mvn compose:provision -Dcompose.host=root@ci.example.com -Dcompose.role=ci -Dcompose.domain=ci.example.com}
 */
@Mojo(name = "provision", requiresProject = false, aggregator = true, threadSafe = true)
public final class ProvisionMojo extends HostMojo {
    /** The server's purpose: {@code ci} for review environments over HTTP, {@code production} for persistent ones over HTTPS. */
    @Parameter(property = "compose.role")
    private @Nullable String role;

    /** The domain for environments, such as {@code ci.example.com}; its DNS record is checked. */
    @Parameter(property = "compose.domain")
    private @Nullable String domain;

    /** The address that Let's Encrypt warns of problems; required for {@code production}. */
    @Parameter(property = "compose.email")
    private @Nullable String email;

    /**
     * For a wildcard certificate: the DNS provider as Traefik calls it, such as {@code cloudflare}; {@code none} ends it.
     * Standard input has its variables, one {@code NAME=value} a line.
     */
    @Parameter(property = "compose.acme.dns")
    private @Nullable String acmeDns;

    /** The file with the pipeline's public key. It may then only deploy; {@code compose:gate} restricts it further. */
    @Parameter(property = "compose.gate.key")
    private @Nullable File gateKey;

    /** Keeps another Traefik, and restarts Docker under running containers. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    /** Changes nothing and prints what would change. */
    @Parameter(property = "compose.dryRun", defaultValue = "false")
    private boolean dryRun;

    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        if (connection().containsKey("stateDirectory")) {
            throw new ComposeException(
                    Outcome.USAGE, "compose.stateDirectory is not for compose:provision, which uses the default");
        }
        var isRemote = !requiredHost().equals("local");
        var options = ProvisionOptions.builder()
                .role(role == null ? null : Role.parse(role))
                .domain(domain)
                .email(email)
                .pipelineKey(gateKey == null ? null : PublicKey.read(gateKey))
                .reachedAs(isRemote ? HostSettings.address(requiredHost()).host() : null)
                .dns(acmeDns == null ? null : DnsChallenge.parse(acmeDns, variables(acmeDns)))
                .basicAuth(basicAuth())
                .force(force)
                .dryRun(dryRun)
                .build();
        try (var host = openHost()) {
            var provisioned = Provisioning.on(host, this::openHost).run(options, step -> {
                if (!json) {
                    ProvisionReport.lines(step).forEach(this::result);
                }
            });
            if (json) {
                printData(ProvisionReport.json(provisioned));
                return;
            }
            result("changed: " + provisioned.changed());
            if (!dryRun) {
                ProvisionReport.advice(
                                Doctor.examine(host, new DoctorOptions(Provisioned.STATE_DIRECTORY, null, null, null)))
                        .forEach(getLog()::info);
            }
            if (isRemote && !dryRun) {
                ProvisionReport.pipeline(HostSettings.address(requiredHost()), provisioned, gateKey)
                        .forEach(getLog()::info);
            }
        }
    }

    private String variables(String provider) {
        if (provider.equals("none")) {
            return "";
        }
        getLog().info("Reading the variables of " + provider + " from standard input, a line NAME=value each");
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ComposeException(Outcome.IOERR, "Standard input cannot be read: " + e.getMessage(), e);
        }
    }
}
