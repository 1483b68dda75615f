package io.github.xdevops.compose.doctor;

import java.util.ArrayList;
import java.util.List;

/** Whether Docker and Compose on the server do what deploys need. */
final class DockerChecks {
    private static final String OLDEST_ENGINE = "20.10";
    private static final long FEW_NETWORKS = 5;
    private static final String RESTART = "systemctl restart docker";

    private final Facts facts;
    private final String login;
    private final List<Finding> findings = new ArrayList<>();

    private DockerChecks(Facts facts) {
        this.facts = facts;
        this.login = facts.first("login").orElse("deploy");
    }

    static List<Finding> of(Facts facts) {
        var checks = new DockerChecks(facts);
        if (checks.answers() && checks.engine()) {
            checks.compose();
            checks.boot();
            checks.swarm();
            checks.networks();
            checks.leftovers();
        }
        return checks.findings;
    }

    private boolean answers() {
        var state = facts.first("docker").orElse("missing");
        switch (state) {
            case "up" -> {
                return true;
            }
            case "missing" ->
                findings.add(Finding.problem(
                        "docker",
                        "docker is not installed, or not in the PATH of a non-interactive login",
                        "apt-get install -y docker.io"));
            case "denied" ->
                findings.add(Finding.problem("docker", login + " may not use Docker", "usermod -aG docker " + login));
            case "hangs" ->
                findings.add(Finding.problem("docker", "the Docker daemon does not answer within 15 s", RESTART));
            default ->
                findings.add(Finding.problem(
                        "docker",
                        "the Docker daemon does not answer: "
                                + facts.first("docker.said").orElse(state),
                        RESTART));
        }
        return false;
    }

    private boolean engine() {
        var version = facts.first("engine").orElse("unknown");
        if (version.contains("odman")) {
            findings.add(Finding.problem(
                    "docker", "docker is Podman, which lacks what deploys need", "apt-get install -y docker.io"));
        } else if (!Version.isReadable(version) || Version.of(version).isBefore(OLDEST_ENGINE)) {
            findings.add(Finding.problem(
                    "docker",
                    "Docker Engine is " + version + ", and at least " + OLDEST_ENGINE + " is needed",
                    "apt-get update && apt-get install -y docker.io"));
        } else {
            findings.add(Finding.ok("docker", "Engine " + version));
            return true;
        }
        return false;
    }

    private void compose() {
        var install = "apt-get install -y docker-compose-plugin || apt-get install -y docker-compose";
        var version = facts.first("compose").orElse("missing");
        var oldest = facts.first("compose.oldest").orElse("0");
        if (version.equals("missing")) {
            findings.add(Finding.problem("compose", "Docker Compose v2 is missing", install));
        } else if (!Version.isReadable(version) || Version.of(version).isBefore(oldest)) {
            findings.add(Finding.problem(
                    "compose", "Compose is " + version + ", and at least " + oldest + " is needed", install));
        } else {
            findings.add(Finding.ok("compose", "Compose " + version));
        }
    }

    private void boot() {
        var units = facts.all("boot");
        if (units.contains("enabled")) {
            findings.add(Finding.ok("boot", "Docker starts at boot"));
        } else if (units.contains("disabled")) {
            findings.add(Finding.advice("boot", "Docker does not start at boot", "systemctl enable docker"));
        }
    }

    private void swarm() {
        if (facts.has("docker.swarm", "active") && facts.has("docker.live-restore", "true")) {
            findings.add(Finding.problem(
                    "live-restore",
                    "live-restore is on and the engine is in a swarm, which exclude each other",
                    "sed -i \"s/\\\"live-restore\\\": *true/\\\"live-restore\\\": false/\" /etc/docker/daemon.json && "
                            + RESTART));
        }
    }

    private void networks() {
        var left = facts.number("networks").orElse(null);
        if (left == null || facts.all("docker.security").toString().contains("rootless")) {
            return;
        }
        var found = "Docker's address pools have room for " + left + " more networks";
        // Keep the owner's pools, because existing networks use them.
        var cure = "apt-get install -y jq; test -s /etc/docker/daemon.json || echo {} >/etc/docker/daemon.json;"
                + " jq \".[\\\"default-address-pools\\\"] += [{base: \\\"10.100.0.0/16\\\", size: 24}]\" /etc/docker/daemon.json"
                + " >/etc/docker/daemon.new && mv /etc/docker/daemon.new /etc/docker/daemon.json && "
                + RESTART;
        findings.add(
                left == 0
                        ? Finding.problem("networks", found, cure)
                        : left < FEW_NETWORKS
                                ? Finding.advice("networks", found, cure)
                                : Finding.ok("networks", found));
    }

    private void leftovers() {
        for (var project : facts.all("leftover")) {
            findings.add(Finding.advice(
                    "leftovers",
                    "the project " + project + " has containers and no record",
                    "docker compose -p " + project + " down --volumes --remove-orphans"));
        }
    }
}
