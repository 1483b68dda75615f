package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Address;
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
    private static final Set<String> ALWAYS = Set.of("swap");

    private record Fault(String check, String injection) {}

    private static Fault fault(String check, String injection) {
        return new Fault(check, injection);
    }

    private static final String TRAEFIK = "docker restart -t 1 xdevops-traefik";

    private static final String RESTART = " && docker compose -f /etc/xdevops/traefik/compose.yaml up -d";

    /**
     * Not here, because servers share them with the machine under the test: the clock, memory, swap and disks. Nor DNS and
     * certificates, which are not the server's. A stand-in has these faults in DoctorTest.
     */
    private static final List<Fault> FAULTS = List.of(
            fault("connection", "usermod -s /usr/sbin/nologin deploy"),
            fault("tools", "rm /usr/bin/flock"),
            fault("tools", "rm /usr/bin/xargs"),
            fault("docker", "pkill -STOP -x dockerd"),
            fault("docker", "apt-get -qq -y remove docker.io"),
            fault(
                    "traefik",
                    "docker tag traefik:v3.6.12 traefik:v2.11.0 && sed -i s/v3.6.12/v2.11.0/ /etc/xdevops/traefik/compose.yaml"
                            + RESTART),
            fault("traefik.network", "sed -i /network_mode/d /etc/xdevops/traefik/compose.yaml" + RESTART),
            fault(
                    "traefik.socket",
                    "sed -i s,/run/xdevops:/run/xdevops,/run/docker.sock:/run/xdevops/docker.sock, /etc/xdevops/traefik/compose.yaml"
                            + RESTART),
            fault("docker.api", "systemctl stop xdevops-docker-api"),
            fault(
                    "docker.api",
                    "sed -i /deny/d /etc/xdevops/docker-api.cfg; systemctl restart xdevops-docker-api; sleep 1"),
            fault(
                    "traefik.constraints",
                    "sed -i s/compose.managed/public/ /etc/xdevops/traefik/traefik.yml; " + TRAEFIK),
            fault("port", "sed -i s/:80/:81/ /etc/xdevops/traefik/traefik.yml; " + TRAEFIK),
            fault("pages", "systemctl stop xdevops-pages.socket"),
            fault("lan", "sed -i /#.ci/d /etc/xdevops/firewall.nft; systemctl reload xdevops-firewall"),
            fault(
                    "metadata",
                    "ip address add 169.254.169.254/32 dev lo; sed -i /169.254/d /etc/xdevops/firewall.nft; systemctl reload xdevops-firewall"),
            fault(
                    "ssh.passwords",
                    "rm /etc/ssh/sshd_config.d/*.conf; echo PasswordAuthentication yes >/etc/ssh/sshd_config.d/50-cloud-init.conf"),
            fault("state", "chown root /home/deploy/.yourlabs.compose"),
            fault("state", "chmod 500 /home/deploy/.yourlabs.compose"),
            fault("sweeper", "echo none stacks.sh >/home/deploy/.yourlabs.compose/.host/sweeper"),
            fault(
                    "sweeper",
                    "XDG_RUNTIME_DIR=/run/user/$(id -u deploy) setpriv --reuid deploy --regid deploy --clear-groups systemctl --user stop"
                            + " xdevops-sweeper.timer; echo 1000000000 >/home/deploy/.yourlabs.compose/.host/swept"),
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
            fault("ssh.passwords", "rm /etc/ssh/sshd_config.d/*.conf"),
            fault("sweeper", "loginctl disable-linger deploy"),
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
            server.run("echo PasswordAuthentication no >/etc/ssh/sshd_config.d/passwords.conf");
            // An environment with a lease, for which the sweeper is there.
            server.run(
                    "su deploy -c \"mkdir -p -m 700 .yourlabs.compose/shop && cd .yourlabs.compose && echo 9999999999 >shop/removeat &&"
                            + " echo none stacks.sh >.host/sweeper\" -l");
            sweep();
            assertThat(found("")).isEmpty();
            var failures = new ArrayList<String>();
            FAULTS.forEach(fault -> failures.addAll(failures(fault)));
            assertThat(failures).isEmpty();
            Proof.claim(
                    "doctor: %d of %d faults of a real server found by their own line, %d of %d cured by the command that it gives, 0 false"
                            .formatted(FAULTS.size(), FAULTS.size(), FAULTS.size(), FAULTS.size()));
            theTimerThatASweepSetUpRuns();
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
            Proof.claim(
                    "doctor: %.1f × the time of list, %d ms and %d ms on a provisioned server (five of each in turns)"
                            .formatted((double) doctor / list, doctor / 5_000_000, list / 5_000_000));
        }
    }

    private List<String> failures(Fault fault) {
        server.run(fault.injection());
        var failures = new ArrayList<String>();
        var findings = found(fault.check());
        var own = findings.stream()
                .filter(finding -> finding.check().equals(fault.check()))
                .toList();
        if (own.isEmpty() || own.size() < findings.size()) {
            failures.add(fault.injection() + ": found " + findings);
        }
        own.forEach(this::cure);
        server.run(
                "docker rm -f published >/dev/null 2>&1; ip address delete 169.254.169.254/32 dev lo 2>/dev/null; true");
        var left = found(fault.check());
        if (!left.isEmpty()) {
            failures.add(fault.injection() + ": not cured by " + own + ": " + left);
            provision(ProvisionOptions.REMEMBERED);
        }
        System.out.println("fault " + fault.check() + ": " + (failures.isEmpty() ? "found and cured" : failures));
        return failures;
    }

    private void theTimerThatASweepSetUpRuns() {
        var swept = "/home/deploy/.yourlabs.compose/.host/swept";
        server.run("echo 1000000000 >" + swept);
        assertThat(server.run("for i in $(seq 100); do test $(cat " + swept
                        + ") = 1000000000 || exec echo swept; sleep 1; done"))
                .isEqualTo("swept\n");
    }

    /** @param check the check that matters; only for its own sake the port is tried, which closes with much else */
    private List<Finding> found(String check) {
        var domain = check.equals("port") ? Address.parse("localhost") : null;
        var options = new DoctorOptions("/home/deploy/.yourlabs.compose", server.ip(), domain, null);
        try (var host = server.connect("deploy")) {
            return Doctor.examine(host, options).findings().stream()
                    .filter(finding -> finding.state() != Finding.State.OK)
                    .filter(finding -> !ALWAYS.contains(finding.check()))
                    .toList();
        }
    }

    private void cure(Finding finding) {
        var command = finding.cure();
        if (command.startsWith("mvn compose:provision")) {
            provision(ProvisionOptions.REMEMBERED);
        } else if (command.startsWith("mvn compose:sweep")) {
            sweep();
        } else {
            server.run(command + " && sleep 1"); // sshd begins anew for a reload
        }
    }

    private void sweep() {
        try (var host = server.connect("deploy")) {
            Stacks.on(host).sweep(Progress.NONE);
        }
    }

    private void provision(ProvisionOptions options) {
        try (var host = server.connect("root")) {
            Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }
}
