package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import io.github.xdevops.compose.provision.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server as yourlabs.docker, yourlabs.traefik and yourlabs.compose leave it, made by hand: Docker, the network {@code web}, a Traefik
 * in /etc/traefik with Docker's socket, and a site in a home. Provisioning keeps what is there.
 */
@Tag("provision")
@Tag("exhaustive")
class ReferenceServerIT {
    /** What {@code compose:provision} installs, by hand; the packages come with the first, the rest is an image and files. */
    private static final String PACKAGES = "ca-certificates docker.io haproxy iproute2 iptables jq logrotate nftables";

    private static final String BY_HAND = """
            set -e
            export DEBIAN_FRONTEND=noninteractive
            began=$(date +%s%N)
            apt-get -qq update
            apt-get -qq -y install --no-install-recommends $1 >/dev/null
            mirror=$(apt-get indextargets --format "\\$(REPO_URI)" "Created-By: Packages" | grep -v security | head -n 1)
            echo deb $mirror trixie main >/etc/apt/sources.list.d/newer.list
            printf "%s\\\\n" "Package: *" "Pin: release n=trixie" "Pin-Priority: -1" "" "Package: docker-compose" "Pin: release n=trixie" "Pin-Priority: 500" >/etc/apt/preferences.d/newer
            apt-get -qq update
            apt-get -qq -y install --no-install-recommends docker-compose >/dev/null
            echo $((($(date +%s%N) - began) / 1000000))
            """;

    private static final String REFERENCE = """
            set -e
            timeout 60 sh -c "until docker image inspect traefik:v3.6.12; do sleep 0.3; done" >/dev/null
            docker network create web
            mkdir -p /etc/traefik /home/site
            cat >/etc/traefik/docker-compose.yml <<END
            services:
              traefik:
                image: traefik:v3.6.12
                container_name: traefik
                command: --providers.docker --providers.docker.network=web --entrypoints.web.address=:80 --entrypoints.websecure.address=:443
                restart: unless-stopped
                ports: ["80:80", "443:443"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
                networks: [web]
            networks: {web: {external: true}}
            END
            cat >/home/site/docker-compose.yml <<END
            services:
              site:
                image: traefik:v3.6.12
                command: --ping --ping.entrypoint=web --entrypoints.web.address=:8000
                restart: unless-stopped
                labels:
                  - traefik.enable=true
                  - traefik.http.routers.site.rule=Host(\\`site.test\\`)
                  - traefik.http.services.site.loadbalancer.server.port=8000
                networks: [web]
            networks: {web: {external: true}}
            END
            docker compose -f /etc/traefik/docker-compose.yml up -d
            docker compose -f /home/site/docker-compose.yml up -d
            """;

    @TempDir
    Path directory;

    @Test
    void itIsRecognisedAndKeptAndItsSitesAnswerThroughout() throws Exception {
        try (var server = new BareServer("reference")) {
            var byHand = Long.parseLong(server.run(BY_HAND, PACKAGES).strip());
            BareImages.provideTraefik(server);
            server.run(REFERENCE);
            server.run("apt-get -qq -y install --no-install-recommends curl >/dev/null");
            server.run("printf %s \"$1\" >/root/visit", """
                    get() { curl -s -m 5 -o /dev/null -w "%{http_code}\\n" -H Host:site.test http://127.0.0.1/ping; }
                    until [ "$(get)" = 200 ]; do sleep 0.2; done
                    [ "$1" = once ] || while :; do get >>/root/answers; sleep 0.05; done
                    """);
            server.run("timeout 30 sh /root/visit once && systemd-run --quiet --unit=visitor sh /root/visit");
            var before = server.run("docker inspect traefik site-site-1 --format \"{{.Id}} {{.State.StartedAt}}\"");

            var done = provision(
                    server,
                    ProvisionOptions.builder().role(Role.CI).domain("bare.test").build());
            assertThat(done.steps().get(0).notes())
                    .singleElement()
                    .asString()
                    .contains("in the container traefik on the network web: it stays", "compose.proxyNetwork=web");
            assertThat(provision(server, ProvisionOptions.REMEMBERED).steps())
                    .extracting(Step::state)
                    .containsOnly(Step.State.OK);

            Files.writeString(
                    directory.resolve("compose.yaml"),
                    "services: {web: {image: compose-it/httpd:1, ports: [\"80\"]}}\n");
            var deployed = new Maven(directory, TestServer.required())
                    .run(
                            "deploy",
                            server.calledWith(
                                    "-Dcompose.images=transfer",
                                    "-Dcompose.urlCheck=none",
                                    "-Dcompose.proxyNetwork=web",
                                    "-Dcompose.project=beside",
                                    "-Dcompose.branch=beside",
                                    "-Dcompose.domain=bare.test"),
                            Map.of());
            assertThat(deployed.exit()).as(deployed.out()).isZero();
            assertThat(
                            server.run(
                                    "timeout 30 sh -c \"until curl -fs -H Host:beside.bare.test http://127.0.0.1/; do sleep 0.2; done\""))
                    .contains("compose-it/httpd");

            assertThat(server.run("docker inspect traefik site-site-1 --format \"{{.Id}} {{.State.StartedAt}}\""))
                    .isEqualTo(before);
            var answers = server.run("systemctl stop visitor; sort /root/answers | uniq -c");
            assertThat(answers.lines().filter(line -> !line.isBlank()))
                    .as(answers)
                    .hasSize(1);
            assertThat(answers).containsPattern("[0-9]{3,} 200");
            Proof.claim("provision: a server of the reference kept, its site answered all of"
                    + answers.replaceAll("\\s+200\\s*", "").replaceAll("\\s+", " ") + " requests");
            compare(byHand);
        }
    }

    /** On a new server, since packages that are there cost nothing. */
    private static void compare(long byHand) throws Exception {
        try (var server = new BareServer("reference")) {
            BareImages.provideTraefik(server);
            var options =
                    ProvisionOptions.builder().role(Role.CI).domain("bare.test").build();
            var began = System.nanoTime();
            provision(server, options);
            var first = (System.nanoTime() - began) / 1_000_000;
            began = System.nanoTime();
            assertThat(provision(server, ProvisionOptions.REMEMBERED).changed()).isZero();
            var second = (System.nanoTime() - began) / 1_000_000;
            Proof.claim("provision: first run %d ms, second %d ms; the same packages by apt-get %d ms (%.2f times)"
                    .formatted(first, second, byHand, (double) first / byHand));
        }
    }

    private static Provisioned provision(BareServer server, ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }
}
