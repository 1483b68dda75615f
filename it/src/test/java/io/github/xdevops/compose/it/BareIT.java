package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bare servers themselves: what a test may rely on, and that nothing of them is left. */
class BareIT {
    private static final String ITS_PROCESSES = """
            pgrep -fa "compose-bare[-/]bareit" | grep -v " sh -c "
            :""";

    /** Lists what this server takes on the machine: namespaces, mounts, cgroups, processes. */
    private static final String ITS_TRACES = """
            { ip -o link; ip netns; } | grep -E "xb-bareit\\b|compose-bare-bareit\\b"
            grep -E "compose-bare/bareit/|/run/netns/compose-bare-bareit\\b" /proc/mounts
            find /sys/fs/cgroup -type d -name compose-bare-bareit
            ls -d /var/tmp/compose-bare/bareit 2>/dev/null
            """ + ITS_PROCESSES;

    /** Lists what all bare servers share while one is up: the bridge, rules, kernel settings. */
    private static final String SHARED_TRACES = """
            ip -o address show xbare0 2>/dev/null | sed "s/^[0-9]*//"
            iptables-save | grep -E "xbare0|10\\.203\\."
            cat /proc/sys/net/ipv4/ip_forward /proc/sys/vm/max_map_count
            ls -d /var/tmp/compose-bare/*/slot 2>/dev/null
            :""";

    @Test
    void aServerBootsLosesItsPowerBootsAgainAndLeavesNothing() throws Exception {
        new BareServer("bareit").close(); // makes the tar in the cache, and skips the test where that cannot be
        var before = here(SHARED_TRACES);
        assertThat(here(ITS_TRACES)).isEmpty();
        var began = System.nanoTime();
        try (var server = new BareServer("bareit")) {
            var millis = (System.nanoTime() - began) / 1_000_000;
            assertThat(server.run("systemctl is-system-running --wait || :").strip())
                    .isEqualTo("running");
            server.run("touch /root/kept && sync /root/kept && touch /tmp/lost");
            server.off();
            assertThat(here("ip netns pids compose-bare-bareit")).isBlank();
            server.up();
            assertThat(server.run("ls /root/kept /tmp/lost 2>/dev/null; :")).isEqualTo("/root/kept\n");
            assertThat(here(ITS_TRACES)).contains("xb-bareit", "compose-bare-bareit", "/var/tmp/compose-bare/bareit");
            assertThat(here(SHARED_TRACES)).contains("xbare0", "/bareit/slot");
            Proof.claim("bare server: from the cached tar to sshd in " + millis + " ms");
        }
        assertThat(here(ITS_TRACES)).isEmpty();
        // Tests beside this one may have servers, too, which come and go.
        var after = here(SHARED_TRACES);
        if (!before.contains("/slot") && !after.contains("/slot")) {
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    @Tag("exhaustive")
    void aMachineHasAKernelOfItsOwnAndLeavesNothing() throws Exception {
        BareServer.virtual("bareit").close(); // makes the tar in the cache
        var before = here(SHARED_TRACES);
        var began = System.nanoTime();
        try (var server = BareServer.virtual("bareit")) {
            var first = (System.nanoTime() - began) / 1_000_000_000;
            assertThat(server.run("systemctl is-system-running --wait || :").strip())
                    .isEqualTo("running");
            assertThat(server.run("stat -f -c %T /sys/fs/cgroup; uname -r"))
                    .startsWith("cgroup2fs\n")
                    .contains("-cloud-")
                    .doesNotContain(here("uname -r").strip());
            server.run("touch /root/kept && sync /root/kept && touch /run/lost");
            server.off();
            assertThat(here(ITS_PROCESSES)).isEmpty();
            began = System.nanoTime();
            server.up();
            var again = (System.nanoTime() - began) / 1_000_000_000;
            assertThat(server.run("ls /root/kept /run/lost 2>/dev/null; :")).isEqualTo("/root/kept\n");
            assertThat(here("./bare bareit up >/dev/null && pgrep -fc ^qemu-system.*/bareit/")
                            .strip())
                    .isEqualTo("1");
            assertThat(here(ITS_TRACES)).contains("xb-bareit", "qemu-system", "/var/tmp/compose-bare/bareit");
            Proof.claim("virtual machine: ssh %d s after up with a new disk, %d s after a power cut"
                    .formatted(first, again));
        }
        assertThat(here(ITS_TRACES)).isEmpty();
        var after = here(SHARED_TRACES);
        if (!before.contains("/slot") && !after.contains("/slot")) {
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() throws Exception {
        var tools = Files.createTempDirectory("tools");
        for (var tool :
                new String[] {"bash", "dirname", "id", "ip", "iptables", "ssh-keygen", "unshare", "dpkg", "cat"}) {
            Files.createSymbolicLink(
                    tools.resolve(tool), Path.of(here("command -v " + tool).strip()));
        }
        assertThat(here("PATH=" + tools + " bash ./bare missing up 2>&1; ls -d /var/tmp/compose-bare/missing 2>&1"))
                .contains("needs mmdebstrap; install the package mmdebstrap", "No such file");
        Files.createSymbolicLink(tools.resolve("mmdebstrap"), Path.of("/bin/true"));
        assertThat(here("PATH=" + tools
                        + " bash ./bare missing --vm up 2>&1; ls -d /var/tmp/compose-bare/missing 2>&1"))
                .contains("needs qemu-system-x86_64; install the package qemu-system-x86", "No such file");
        Files.delete(tools.resolve("unshare"));
        assertThat(here("PATH=" + tools + " bash ./bare missing up 2>&1"))
                .contains("needs unshare; install the package util-linux");
        assertThat(here("setpriv --reuid=nobody --clear-groups ./bare missing up 2>&1"))
                .contains("needs root");
        assertThat(here("./bare NO up 2>&1")).contains("NAME is 1 to 12 of a-z 0-9");
    }

    private static String here(String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-c", script).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }
}
