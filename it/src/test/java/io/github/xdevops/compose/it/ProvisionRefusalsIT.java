package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import io.github.xdevops.compose.provision.Step;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code compose:provision} refuses on a server that has nothing yet, and that it has changed nothing then. */
@Tag("provision")
class ProvisionRefusalsIT {
    private static final String FILES =
            "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log"
                    + " -o -path /var/lib/systemd -o -path /var/cache/apt -o -path /var/lib/private \\) -prune -o -type f -printf \"%p %T@\\n\" | sort";
    private static final ProvisionOptions CI =
            ProvisionOptions.builder().role(Role.CI).build();

    private static BareServer server;
    private String before;

    @BeforeAll
    static void boot() {
        server = new BareServer("refusals");
    }

    @AfterAll
    static void remove() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void lookAtTheFiles() {
        before = server.run(FILES);
    }

    @AfterEach
    void nothingWasChanged() {
        assertThat(server.run(FILES)).isEqualTo(before);
    }

    @Test
    void aDryRunPrintsWhatWouldChange() {
        var dry =
                provision(ProvisionOptions.builder().role(Role.CI).dryRun(true).build());
        assertThat(dry.steps()).extracting(Step::state).doesNotContain(Step.State.CHANGED);
        assertThat(dry.steps())
                .filteredOn(step -> step.state() == Step.State.WOULD_CHANGE)
                .extracting(Step::name)
                .containsExactly(
                        "packages",
                        "compose",
                        "daemon",
                        "machine",
                        "login",
                        "socket",
                        "traefik",
                        "pages",
                        "firewall",
                        "record");
    }

    @Test
    void aServerThatWasNeverProvisionedNeedsARole() {
        refused(ProvisionOptions.REMEMBERED, Outcome.USAGE, "-Dcompose.role=ci or production");
    }

    @Test
    void productionNeedsAnAddressForItsCertificates() {
        refused(ProvisionOptions.builder().role(Role.PRODUCTION).build(), Outcome.USAGE, "-Dcompose.email");
    }

    @Test
    void anotherDistributionIsToldWhatToInstall() {
        on(
                "Fedora 41",
                "fedora",
                "41",
                () -> refused(CI, Outcome.UNAVAIL, "Fedora 41 is not supported by compose:provision"));
    }

    @Test
    void anUbuntuIsSetUpFrom2204On() {
        on(
                "Ubuntu 20.04.6 LTS",
                "ubuntu",
                "20.04",
                () -> refused(
                        CI,
                        Outcome.UNAVAIL,
                        "Ubuntu 20.04.6 LTS is not supported by compose:provision, which needs Debian 12, Ubuntu 22.04 or newer"));
        for (var release : List.of("22.04", "24.04")) {
            on(
                    "Ubuntu " + release + " LTS",
                    "ubuntu",
                    release,
                    () -> assertThat(provision(ProvisionOptions.builder()
                                            .role(Role.CI)
                                            .dryRun(true)
                                            .build())
                                    .steps())
                            .extracting(Step::name)
                            .contains("packages", "compose", "traefik"));
        }
    }

    /** Calls the server by another system's name for a while. */
    private static void on(String system, String id, String release, Runnable test) {
        server.run(
                "printf \"ID=%s\\nVERSION_ID=\\\"%s\\\"\\nPRETTY_NAME=\\\"%s\\\"\\n\" \"$@\" >/run/other && mount --bind /run/other /usr/lib/os-release",
                id, release, system);
        try {
            test.run();
        } finally {
            server.run("umount /usr/lib/os-release");
        }
    }

    @Test
    void aProcessOnPort80IsNamed() {
        server.run("systemd-run --quiet --unit=web perl -MIO::Socket::INET -e"
                + " \"IO::Socket::INET->new(LocalPort => 80, Listen => 1) and sleep\"; timeout 5 bash -c"
                + " \"until true </dev/tcp/127.0.0.1/80; do sleep .1; done\"");
        try {
            refused(CI, Outcome.UNAVAIL, "port 80 is taken by /usr/bin/perl");
        } finally {
            server.run("systemctl stop web");
        }
    }

    private static void refused(ProvisionOptions options, Outcome word, String message) {
        assertThatThrownBy(() -> provision(options))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(word))
                .hasMessageContaining(message);
    }

    private static Provisioned provision(ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }
}
