package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bare servers cannot show, as they share a kernel: provisioning and a deploy under cgroup v2. */
@Tag("provision")
@Tag("exhaustive")
class VirtualMachineIT {
    @TempDir
    Path directory;

    private BareServer server;

    @Test
    void aMachineIsProvisionedServesAndDoesSoAgainAfterAPowerCut() throws IOException {
        try (var machine = BareServer.virtual("machine")) {
            server = machine;
            BareImages.provideTraefik(server);
            assertThat(server.run("stat -f -c %T /sys/fs/cgroup")).isEqualTo("cgroup2fs\n");
            provision();
            deploy();
            assertThat(page()).isEqualTo("200");
            assertThat(server.run("docker info --format {{.CgroupVersion}}")).isEqualTo("2\n");
            server.off();
            server.up();
            assertThat(page()).as("after a power cut").isEqualTo("200");
            Proof.claim(
                    "virtual machine: provisioned, deployed to and cut from power under cgroup v2 and a kernel of its own; the URL"
                            + " answers again");
        }
    }

    private void provision() throws IOException {
        var provisioned = new Maven(directory, TestServer.required())
                .run(
                        "provision",
                        List.of(
                                "-Dcompose.host=" + server.address(),
                                "-Dcompose.privateKey=" + server.key(),
                                "-Dcompose.knownHosts=" + server.knownHosts(),
                                "-Dcompose.role=production",
                                "-Dcompose.email=ops@example.com"),
                        Map.of());
        assertThat(provisioned.exit()).as(provisioned.out()).isZero();
    }

    private void deploy() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web:
                    image: compose-it/httpd:1
                    ports: ["80"]
                """);
        var deployed = new Maven(directory, TestServer.required())
                .run(
                        "deploy",
                        server.calledWith(
                                "-Dcompose.images=transfer",
                                "-Dcompose.lifetime=forever",
                                "-Dcompose.urlCheck=none",
                                "-Dcompose.repository=acme/shop",
                                "-Dcompose.environment=production",
                                "-Dcompose.project=shop",
                                "-Dcompose.domain=https://bare.test"),
                        Map.of());
        assertThat(deployed.exit()).as(deployed.out()).isZero();
    }

    /** The status of the page, as soon as Traefik knows it. */
    private String page() throws IOException {
        for (var tries = 0; ; tries++) {
            var curl = new ProcessBuilder(
                            "curl",
                            "-sk",
                            "-o",
                            "/dev/null",
                            "-w",
                            "%{http_code}",
                            "--resolve",
                            "shop.bare.test:443:" + server.ip(),
                            "https://shop.bare.test/")
                    .start();
            var status = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (status.equals("200") || tries == 300) {
                return status;
            }
            TestServer.pause(200);
        }
    }
}
