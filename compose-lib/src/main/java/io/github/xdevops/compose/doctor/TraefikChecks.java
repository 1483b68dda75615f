package io.github.xdevops.compose.doctor;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether Traefik on the server routes URLs to environments, and to nothing else. */
final class TraefikChecks {
    private static final String MANAGED = "io.github.xdevops.compose.managed";
    private static final String OLDEST_FOR_ENGINE_29 = "3.6.1";
    /** Traefik keeps idle connections for 90 s by default, so that a container with one never counts as drained. */
    private static final long LONGEST_IDLE = 10;

    private final Facts facts;
    private final String provision;
    private final @Nullable String proxyNetwork;
    private final TraefikSettings settings;
    private final List<Finding> findings = new ArrayList<>();

    private TraefikChecks(Facts facts, String provision, @Nullable String proxyNetwork) {
        this.facts = facts;
        this.provision = provision;
        this.proxyNetwork = proxyNetwork;
        this.settings = TraefikSettings.of(facts);
    }

    /**
     * @param provision the command that sets Traefik up
     * @param proxyNetwork the Docker network that Traefik shares with environments, or {@code null} if it is on the host's
     */
    static List<Finding> of(Facts facts, String provision, @Nullable String proxyNetwork) {
        var checks = new TraefikChecks(facts, provision, proxyNetwork);
        if (checks.runs()) {
            checks.version();
            checks.network();
            checks.provider();
            checks.idleConnections();
            checks.socket();
            checks.api();
            checks.dashboard();
        }
        return checks.findings;
    }

    private boolean runs() {
        if (facts.all("traefik").isEmpty()) {
            if (!facts.has("docker", "up")) {
                return false; // nobody knows
            }
            findings.add(Finding.problem("traefik", "Traefik does not run, so no URL answers", provision));
            return false;
        }
        if (!settings.isReadable()) {
            findings.add(Finding.advice(
                    "traefik.configuration",
                    facts.first("traefik.file").orElse("Traefik's configuration")
                            + " could not be read as YAML, so Traefik's settings were not checked",
                    provision));
        }
        return true;
    }

    private void version() {
        var image = facts.first("traefik.image").orElse("");
        var said = facts.first("traefik.label").orElse(image.substring(image.lastIndexOf(':') + 1));
        if (!Version.isReadable(said)) {
            findings.add(
                    Finding.advice("traefik", "the version of " + image + " is unknown", "docker pull traefik:v3.6"));
            return;
        }
        var version = Version.of(said);
        var engine = facts.first("engine").filter(Version::isReadable).map(Version::of);
        var upgrade = isOurs() ? provision : "docker pull traefik:v3.6 # and run Traefik from it";
        if (version.isBefore("3")) {
            findings.add(Finding.problem("traefik", "Traefik is " + version + ", and version 3 is needed", upgrade));
        } else if (engine.isPresent() && !engine.get().isBefore("29") && version.isBefore(OLDEST_FOR_ENGINE_29)) {
            findings.add(Finding.problem(
                    "traefik",
                    "Traefik " + version + " cannot talk to Docker Engine " + engine.get() + "; " + OLDEST_FOR_ENGINE_29
                            + " is the first that can",
                    upgrade));
        } else {
            findings.add(Finding.ok("traefik", "Traefik " + version));
        }
    }

    private void network() {
        var networks = facts.all("traefik.network");
        if (facts.has("traefik.mode", "host")) { // a stack may have one of its own, too
            findings.add(
                    proxyNetwork == null
                            ? Finding.ok("traefik.network", "in the host's network namespace")
                            : Finding.advice(
                                    "traefik.network",
                                    "Traefik is in the host's network namespace, so compose.proxyNetwork is not needed",
                                    "mvn compose:deploy # without compose.proxyNetwork"));
        } else if (proxyNetwork != null && networks.contains(proxyNetwork)) {
            findings.add(Finding.ok("traefik.network", "on " + proxyNetwork));
        } else {
            findings.add(Finding.problem(
                    "traefik.network",
                    "Traefik is on " + String.join(", ", networks) + ", where it does not reach "
                            + (proxyNetwork == null ? "environments" : "what is on " + proxyNetwork),
                    isOurs()
                            ? provision
                            : "mvn compose:deploy -Dcompose.proxyNetwork="
                                    + (networks.isEmpty() ? "NETWORK" : networks.get(0))));
        }
    }

    /** Whether {@code compose:provision} set Traefik up, and so sets it right. */
    private boolean isOurs() {
        return facts.has("provisioned", "kept=");
    }

    private void provider() {
        var key = "providers.docker.";
        if (settings.isReadable() && settings.isOn(key + "exposedbydefault", true)) {
            findings.add(Finding.advice(
                    "traefik.exposedByDefault", "each container of the server gets a URL, also databases", provision));
        }
        var constraint = settings.get(key + "constraints").orElse("");
        if (!constraint.isEmpty() && !constraint.contains(MANAGED)) {
            findings.add(Finding.problem(
                    "traefik.constraints",
                    "Traefik ignores environments, because of its constraint " + constraint,
                    provision));
        } else if (constraint.isEmpty() && settings.isReadable()) {
            findings.add(Finding.advice(
                    "traefik.constraints", "labels of any container of the server can claim URLs", provision));
        }
    }

    private void idleConnections() {
        var timeout = settings.get("serverstransport.forwardingtimeouts.idleconntimeout")
                .orElse("90s");
        if (settings.isReadable() && seconds(timeout) > LONGEST_IDLE) {
            findings.add(Finding.advice(
                    "traefik.idleConnTimeout",
                    "Traefik keeps idle connections for " + timeout + ", so replaced containers are stopped late",
                    provision));
        }
    }

    private static long seconds(String text) {
        var digits = text.replaceFirst("s$", "");
        return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : Long.MAX_VALUE;
    }

    private void socket() {
        for (var source : facts.all("traefik.mount")) {
            if (source.endsWith("docker.sock") && !source.contains("xdevops")) {
                findings.add(Finding.advice(
                        "traefik.socket",
                        "Traefik holds " + source + ", so whoever breaks into it is root",
                        provision));
            }
        }
    }

    /** Only root and the group of Docker may ask, so the answers mean something where this login may use Docker. */
    private void api() {
        if (facts.all("docker.api").isEmpty() || !facts.has("docker", "up")) {
            return;
        }
        if (!facts.has("docker.api", "GET 200")) {
            findings.add(Finding.problem(
                    "docker.api", "the read-only Docker API does not answer, so Traefik sees no changes", provision));
        } else if (!facts.has("docker.api", "POST 403")) {
            findings.add(Finding.advice(
                    "docker.api",
                    "the Docker API for Traefik is not read-only, so whoever breaks into Traefik is root",
                    provision));
        } else {
            findings.add(Finding.ok("docker.api", "Traefik may only read"));
        }
    }

    private void dashboard() {
        if (!settings.isOn("api.insecure", false)) {
            return;
        }
        var address = requireNonNull(settings.get("entrypoints.traefik.address").orElse(":8080"));
        if (!address.startsWith("127.") && !address.startsWith("localhost:")) {
            findings.add(Finding.advice(
                    "traefik.api", "Traefik's dashboard listens on " + address + " without a password", provision));
        }
    }
}
