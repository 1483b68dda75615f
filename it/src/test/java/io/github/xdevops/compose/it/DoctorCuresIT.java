package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.doctor.Finding;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A provisioned server has no findings; each fault there has its own, and the command that it gives, run as root, makes it go. */
@Tag("provision")
@Tag("exhaustive")
class DoctorCuresIT {
    /** About this machine, or about a Debian on its first day. */
    private static final Set<String> ALWAYS = Set.of("swap", "ssh.passwords", "lan");

    /** @param login who looks: only root sees rules of the firewall */
    private record Fault(String check, String injection, String login) {}

    private static Fault fault(String check, String injection) {
        return new Fault(check, injection, "deploy");
    }

    private static final String TRAEFIK = "docker restart -t 1 xdevops-traefik";

    /** Without a late sweeper: a deploy sets its timer up again, which no command of the server does. */
    private static final List<Fault> FAULTS = List.of(
            fault("tools", "dpkg --remove --force-remove-essential --force-depends gzip"),
            fault("docker", "gpasswd -d deploy docker"),
            fault("docker", "systemctl stop docker docker.socket"),
            fault(
                    "compose",
                    "apt-get -qq -y remove docker-compose docker-compose-plugin || apt-get -qq -y remove docker-compose"),
            fault("boot", "systemctl disable docker docker.socket"),
            fault(
                    "networks",
                    "cp /etc/docker/daemon.json /root/ && jq \".[\\\"default-address-pools\\\"] = [{base: \\\"10.99.0.0/24\\\", size: 26}]\""
                            + " /root/daemon.json >/etc/docker/daemon.json && systemctl restart docker"),
            fault(
                    "leftovers",
                    "echo \"{services: {web: {image: traefik:v3.6.12, labels: {io.github.xdevops.compose.managed: \\\"true\\\"}}}}\" |"
                            + " docker compose -p gone-app --project-directory /home/deploy/.yourlabs.compose/gone-app -f - create"),
            fault("traefik", "docker stop xdevops-traefik"),
            fault(
                    "traefik.exposedByDefault",
                    "sed -i /exposedByDefault/d /etc/xdevops/traefik/traefik.yml; " + TRAEFIK),
            fault("traefik.constraints", "sed -i /constraints/d /etc/xdevops/traefik/traefik.yml; " + TRAEFIK),
            fault(
                    "traefik.idleConnTimeout",
                    "sed -i s/idleConnTimeout:.3s/idleConnTimeout:\\ 60s/ /etc/xdevops/traefik/traefik.yml; "
                            + TRAEFIK),
            fault("traefik.api", "echo api: {insecure: true} >>/etc/xdevops/traefik/traefik.yml; " + TRAEFIK),
            fault("ssh.passwords", "true"),
            fault(
                    "sweeper",
                    "loginctl disable-linger deploy; echo systemd-user stacks.sh >/home/deploy/.yourlabs.compose/.host/sweeper"),
            fault("state", "chmod 755 /home/deploy/.yourlabs.compose"),
            fault("policy", "echo alow services.*.privileged >/home/deploy/.yourlabs.compose/.policy"),
            fault("limits", "echo disk=2g >/home/deploy/.yourlabs.compose/.limits"),
            fault(
                    "published",
                    "docker run -d --name published -p 9000:80 traefik:v3.6.12 --entrypoints.web.address=:80 && nft delete table inet"
                            + " xdevops"));

    private BareServer server;

    @Test
    void theCureOfEachFaultOnARealServerCuresIt() throws IOException {
        try (var bare = new BareServer("cures")) {
            server = bare;
            BareImages.provideTraefik(server);
            provision(ProvisionOptions.builder().role(Role.CI).build());
            // An environment with a lease, for which the sweeper is there.
            server.run(
                    "su deploy -c \"mkdir -p -m 700 .yourlabs.compose/shop && cd .yourlabs.compose && echo 9999999999 >shop/removeat && date +%s"
                            + " >.host/swept && echo cron stacks.sh >.host/sweeper\" -l");
            assertThat(found("deploy")).isEmpty();
            var failures = new ArrayList<String>();
            for (var fault : FAULTS) {
                server.run(fault.injection());
                var findings = found(fault.login(), fault.check());
                if (findings.isEmpty()) {
                    failures.add(fault.injection() + ": not found");
                }
                findings.forEach(this::cure);
                var left = found(fault.login(), fault.check());
                if (!left.isEmpty()) {
                    failures.add(fault.injection() + ": not cured: " + left);
                }
                System.out.println("fault " + fault.check() + ": found " + findings.size() + ", left " + left.size());
                server.run(
                        "docker rm -f published >/dev/null 2>&1; su deploy -l -c \"date +%s >.yourlabs.compose/.host/swept\"");
            }
            assertThat(failures).isEmpty();
            provision(ProvisionOptions.REMEMBERED);
            assertThat(found("deploy")).isEmpty();
            Proof.claim("doctor: %d of %d faults of a real server found and cured by the command that it gives, 0 false"
                    .formatted(FAULTS.size(), FAULTS.size()));
            compareWithList();
        }
    }

    private void compareWithList() {
        try (var host = server.connect("deploy")) {
            var options = new DoctorOptions(Stacks.STATE_DIRECTORY, server.ip(), null, null);
            var stacks = Stacks.on(host);
            stacks.list();
            Doctor.examine(host, options);
            var list = 0L;
            var doctor = 0L;
            for (var i = 0; i < 5; i++) {
                var began = System.nanoTime();
                stacks.list();
                var between = System.nanoTime();
                Doctor.examine(host, options);
                list += between - began;
                doctor += System.nanoTime() - between;
            }
            Proof.claim("doctor: %d ms, list %d ms on a provisioned server (five of each in turns)"
                    .formatted(doctor / 5_000_000, list / 5_000_000));
        }
    }

    private List<Finding> found(String login) {
        try (var host = server.connect(login)) {
            return Doctor.examine(host, new DoctorOptions("/home/deploy/.yourlabs.compose", server.ip(), null, null))
                    .findings()
                    .stream()
                    .filter(finding -> finding.state() != Finding.State.OK)
                    .filter(finding -> !ALWAYS.contains(finding.check()))
                    .toList();
        }
    }

    private List<Finding> found(String login, String check) {
        try (var host = server.connect(login)) {
            return Doctor.examine(host, new DoctorOptions("/home/deploy/.yourlabs.compose", server.ip(), null, null))
                    .findings()
                    .stream()
                    .filter(finding -> finding.state() != Finding.State.OK
                            && finding.check().equals(check))
                    .toList();
        }
    }

    private void cure(Finding finding) {
        var command = finding.cure();
        if (command.startsWith("mvn compose:provision")) {
            provision(ProvisionOptions.REMEMBERED);
        } else if (command.startsWith("mvn compose:sweep")) {
            try (var host = server.connect("deploy")) {
                Stacks.on(host).sweep(Progress.NONE);
            }
        } else {
            server.run(command + " && sleep 1"); // sshd begins anew for a reload
        }
    }

    private void provision(ProvisionOptions options) {
        try (var host = server.connect("root")) {
            Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }
}
