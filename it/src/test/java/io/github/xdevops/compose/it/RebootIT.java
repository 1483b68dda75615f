package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a power cut and a boot a persistent environment is back: healthy, and each service after what it depends on. */
@Tag("provision")
@Tag("exhaustive")
class RebootIT {
    private static final int BOOTS = 5;
    private static final int CUTS = 5;

    @TempDir
    Path directory;

    private BareServer server;

    /** The time at which each service was ready; the database takes four seconds. */
    private record Boot(long database, long application, long web) {
        boolean isInOrder() {
            return database <= application && application <= web;
        }
    }

    @Test
    void aPersistentEnvironmentReturnsHealthyAndInOrder() throws IOException {
        try (var bare = new BareServer("reboot")) {
            server = bare;
            BareImages.provideTraefik(server);
            try (var host = server.connect("root")) {
                Provisioning.on(host, () -> server.connect("root"))
                        .run(ProvisionOptions.builder().role(Role.CI).build(), step -> {});
            }
            deploy();

            for (var boot = 0; boot < BOOTS; boot++) {
                server.off();
                server.up();
                assertThat(ready()).matches(Boot::isInOrder, "in order");
                assertThat(server.awaitPage("http://shop.bare.test/", 50)).isEqualTo(200);
            }
            for (var cut = 0; cut < CUTS; cut++) {
                server.off();
                server.up();
                TestServer.pause(1500L * cut); // somewhere between Docker's start and the last service
                server.off();
                server.up();
                assertThat(ready()).matches(Boot::isInOrder, "in order");
            }
            Proof.claim(
                    "reboot: a persistent environment is back in %d of %d boots, healthy and in the order of depends_on"
                            .formatted(BOOTS + CUTS, BOOTS + CUTS));

            server.run("systemctl disable xdevops-boot");
            server.off();
            server.up();
            assertThat(ready().isInOrder()).as("by Docker alone").isFalse();
        }
    }

    private void deploy() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  db:
                    image: compose-it/busybox:1
                    init: true
                    command: ["sh", "-c", "rm -f /ready; sleep 4; touch /ready; exec sleep 100000"]
                    healthcheck: {test: ["CMD-SHELL", "test -e /ready"], interval: 1s, retries: 60}
                  app:
                    image: compose-it/busybox:1
                    init: true
                    command: ["sleep", "100000"]
                    healthcheck: {test: ["CMD", "true"], interval: 1s}
                    depends_on: {db: {condition: service_healthy}}
                  web:
                    image: compose-it/httpd:1
                    ports: ["80"]
                    depends_on: [app]
                """);
        server.deployShop(directory, "bare.test");
    }

    /** Waits until all is well, and tells when it was. */
    private Boot ready() {
        var times = server.run("""
                one() { docker ps -aq --filter label=com.docker.compose.project=shop --filter label=com.docker.compose.service=$1; }
                started() { date -d "$(docker inspect --format {{.State.StartedAt}} $(one $1))" +%s%3N; }
                docker_is_up() { docker info >/dev/null 2>&1; }
                settled() {
                  test "$(systemctl is-enabled xdevops-boot)" = disabled || test "$(systemctl show -p SubState --value xdevops-boot)" = exited
                }
                well() {
                  docker_is_up && settled && test "$(docker inspect --format "{{.State.Status}}{{with .State.Health}}-{{.Status}}{{end}}" \
                    $(one db) $(one app) $(one web) | xargs)" = "running-healthy running-healthy running"
                }
                tries=0
                until well; do
                  tries=$((tries + 1))
                  test $tries -lt 300 || { docker ps -a >&2; systemctl status xdevops-boot >&2; exit 1; }
                  sleep 0.3
                done
                echo $(docker exec $(one db) date -r /ready +%s)000 $(started app) $(started web)
                """).strip().split(" ");
        return new Boot(Long.parseLong(times[0]), Long.parseLong(times[1]), Long.parseLong(times[2]));
    }
}
