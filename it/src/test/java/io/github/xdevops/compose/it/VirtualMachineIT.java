package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Provisions a virtual machine and deploys to it. Unlike a bare server, it has its own kernel, with cgroup v2. */
@Tag("provision")
@Tag("exhaustive")
class VirtualMachineIT {
    private static final String PAGE = "https://shop.bare.test/";

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
            assertThat(server.awaitPage(PAGE, 300)).isEqualTo(200);
            assertThat(server.run("docker info --format {{.CgroupVersion}}")).isEqualTo("2\n");
            server.off();
            server.up();
            assertThat(server.awaitPage(PAGE, 300)).as("after a power cut").isEqualTo(200);
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
        server.deployShop(directory, "https://bare.test");
    }
}
