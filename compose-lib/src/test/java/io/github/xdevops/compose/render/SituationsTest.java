package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people have reported of tools like this one, and its kin, as far as no server is needed: see {@code it/situations}. */
class SituationsTest {
    @TempDir
    Path directory;

    @Test
    @Tag("R1")
    void aFileWithoutAnyServiceSaysSo() {
        for (var file : new String[] {"services: {}\n", "volumes: {data: {}}\n"}) {
            assertThatThrownBy(() -> render(file)).hasMessageEndingWith("services: there is no service to deploy");
        }
    }

    @ParameterizedTest
    @Tag("R4")
    @CsvSource({
        "$REGISTRY:$TAG, REGISTRY",
        "shop:$TAG, TAG",
        "$REGISTRY/shop:1, REGISTRY",
        "registry.example.com/$NAME:1, NAME",
        "shop@$DIGEST, DIGEST",
        "$IMAGE, IMAGE",
    })
    void anImageThatLacksItsVariableNamesTheParameterThatSetsIt(String image, String variable) {
        assertThatThrownBy(() -> render("services: {web: {image: '" + image + "', expose: ['80']}}\n"))
                .hasMessageStartingWith("compose.yaml:1:")
                .hasMessageContainingAll("services.web", "-Dcompose.env." + variable + "=…");
    }

    @ParameterizedTest
    @Tag("R4")
    @ValueSource(
            strings = {"ghcr.io/Acme/shop:1", "${REGISTRY:-}/shop:1", "shop:${TAG:-}", "https://registry/shop", "a:1:2"
            })
    void anImageThatDockerCannotReadIsAnErrorBeforeTheServer(String image) {
        assertThatThrownBy(() -> render("services: {web: {image: '" + image + "', expose: ['80']}}\n"))
                .hasMessageContainingAll("services.web.image: `", "is not an image name", "small letters");
    }

    @Test
    @Tag("R4")
    void aTagMadeFromABranchWithASlashNamesTheShortForm() throws IOException {
        assertThatThrownBy(() -> render("services: {web: {image: 'registry/shop:feature/cart', expose: ['80']}}\n"))
                .hasMessageContaining("CI_COMMIT_REF_SLUG");
        var exact = "registry.example.com:5000/acme/shop:V1.2_x@sha256:" + "0123456789abcdef".repeat(4);
        assertThat(render("services: {web: {image: '" + exact + "', expose: ['80']}}\n")
                        .text())
                .contains(exact);
    }

    @Test
    void aPortThatLacksItsVariableNamesTheParameterThatSetsIt() {
        for (var port : new String[] {
            "expose: ['$PORT']",
            "labels: {traefik.http.services.web.loadbalancer.server.port: $PORT}",
            "ports: ['$PORT']"
        }) {
            assertThatThrownBy(() -> render("services: {web: {image: web, " + port + "}}\n"))
                    .hasMessageContaining("-Dcompose.env.PORT");
        }
    }

    @Test
    void theSchemeInALabelIsThatOfTheRoute() throws IOException {
        assertThat(render("""
                services:
                  web:
                    image: web
                    labels: ["traefik.http.services.shop.loadbalancer.server.port=8443", "traefik.http.services.shop.loadbalancer.server.scheme=https"]
                """).text())
                .contains("loadbalancer.server.port\": \"8443\"", "loadbalancer.server.scheme\": \"https\"");
        assertThat(render("services: {web: {image: web, ports: ['50051'], labels: {traefik.protocol: h2c}}}\n")
                        .text())
                .contains("loadbalancer.server.scheme\": \"h2c\"");
    }

    @Test
    void servicesWithFixedAddressesReachEachOtherByName() throws IOException {
        var stack = render("""
                services:
                  web:
                    image: web
                    expose: ["80"]
                    dns: 172.28.0.53
                    extra_hosts: ["database:172.28.0.5", "old=2001:db8::5", "other:172.28.0.50"]
                    environment: {DB: "jdbc:postgresql://172.28.0.5:5432/shop", OTHER: 172.28.0.50}
                    networks: {back: {ipv4_address: 172.28.0.4}}
                  db:
                    image: db
                    mac_address: 02:42:ac:11:65:43
                    networks: {back: {ipv4_address: 172.28.0.5, ipv6_address: "2001:db8::5", aliases: [pg]}}
                  names: {image: names, networks: {back: {ipv4_address: 172.28.0.53}}}
                networks:
                  back: {name: shop, internal: true, driver_opts: {com.docker.network.bridge.name: shop0}, enable_ipv6: true, ipam: {config: [{subnet: 172.28.0.0/16}, {subnet: "2001:db8::/64"}]}}
                """);
        assertThat(stack.text())
                .doesNotContain("ipv4_address", "ipv6_address", "mac_address", "ipam", "enable_ipv6", "database=")
                .contains("aliases:\n          - \"pg\"\n          - \"database\"\n          - \"old\"")
                .contains("extra_hosts:\n      - \"other=172.28.0.50\"", "internal: true");
        assertThat(stack.warnings())
                .containsExactly(
                        "dropped, because review environments share the server: services.db.mac_address, networks.back.name,"
                                + " networks.back.driver_opts, networks.back.ipam, networks.back.enable_ipv6, services.web.networks.back.ipv4_address,"
                                + " services.db.networks.back.ipv4_address, services.db.networks.back.ipv6_address,"
                                + " services.names.networks.back.ipv4_address",
                        "these name an address that was dropped; name the service instead: services.web.dns[0],"
                                + " services.web.environment.DB");
    }

    @Test
    @Tag("R6")
    void aContainersNameGoesOnToLeadToItsService() throws IOException {
        var text = render("""
                services:
                  db: {image: db, container_name: shop-db, volumes: ["/data"]}
                  web: {image: web, expose: ["80"], environment: {DB_HOST: shop-db}, external_links: [shop-db, "shop-db:database"]}
                  probe: {image: probe, network_mode: "container:shop-db", pid: "container:shop-db", volumes_from: ["container:shop-db:ro"]}
                """).text();
        assertThat(text)
                .contains("aliases:\n          - \"shop-db\"\n          - \"database\"")
                .contains("network_mode: \"service:db\"", "pid: \"service:db\"")
                .contains("volumes_from:\n      - \"db:ro\"")
                .doesNotContain("container:", "external_links");
    }

    @Test
    @Tag("R6")
    void anotherProjectsContainerStaysWhatItIs() throws IOException {
        assertThat(render("services: {web: {image: web, expose: ['80'], pid: 'container:other'}}\n")
                        .text())
                .contains("pid: \"container:other\"");
    }

    @ParameterizedTest
    @Tag("R11")
    @CsvSource(
            delimiter = '|',
            value = {
                "network_mode: 'service:vpn' | is in the network of vpn (network_mode), so its URL has to lead there: set -Dcompose.routes=vpn:80",
                "network_mode: 'container:tunnel' | is in the network of vpn",
                "network_mode: none | has network_mode: none, so no URL can lead to it",
            })
    void aServiceThatTraefikCannotReachSaysWhereItsUrlHasToLead(String mode, String message) {
        assertThatThrownBy(() -> render("services: {web: {image: web, expose: ['80'], " + mode
                        + "}, vpn: {image: vpn, container_name: tunnel}}\n"))
                .hasMessageStartingWith("services.web " + message);
    }

    @ParameterizedTest
    @Tag("R5")
    @ValueSource(
            strings = {
                "https://github.com/acme/base.git",
                "oci://registry.example.com/acme/base",
                "git@github.com:acme/base.git#v1"
            })
    void anIncludeFromElsewhereIsNamedAsThat(String include) {
        assertThatThrownBy(
                        () -> render("include: ['" + include + "']\nservices: {web: {image: web, expose: ['80']}}\n"))
                .hasMessageStartingWith("compose.yaml:1:")
                .hasMessageContaining(include + " is not a file of the project, and nothing is fetched");
    }

    @ParameterizedTest
    @Tag("R12")
    @ValueSource(strings = {"CI.Example.com", "http://ci.EXAMPLE.com", "HTTP://ci.example.com/"})
    void aDomainIsTheSameInCapitalLetters(String domain) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: web, expose: ['80']}}\n");
        assertThat(builder().domain(domain).render().endpoints().get(0).url()).endsWith(".ci.example.com");
    }

    @Test
    @Tag("R23")
    void aServiceThatMustBeProcessOneIsNotGivenAnother() throws IOException {
        var text = render("services: {web: {image: s6, init: false, expose: ['80']}, other: {image: other}}\n")
                .text();
        assertThat(text).containsOnlyOnce("init: false").containsOnlyOnce("init: true");
    }

    @Test
    @Tag("R29")
    void aServiceThatTheProjectsOwnTraefikLeavesOutIsNoCandidate() throws IOException {
        var file =
                "services: {web: {image: web, ports: ['80']}, db: {image: db, ports: ['5432'], labels: ['traefik.enable=false']}}\n";
        assertThat(render(file).endpoints()).hasSize(1);
        assertThat(render("services: {web: {image: web, ports: ['80'], labels: ['traefik.enable=false']}}\n")
                        .endpoints())
                .as("the only one")
                .hasSize(1);
    }

    @ParameterizedTest
    @Tag("R30")
    @ValueSource(
            strings = {
                "restart_policy: {condition: any}",
                "placement: {constraints: ['node.role == manager']}",
                "labels: {team: shop}",
                "endpoint_mode: vip",
            })
    void whatOnlyASwarmHeedsIsLeftOut(String deploy) throws IOException {
        assertThat(render("services: {web: {image: web, expose: ['80'], deploy: {" + deploy + "}}}\n")
                        .text())
                .doesNotContain("deploy:");
        assertThat(render("services: {web: {image: web, expose: ['80'], deploy: {replicas: 0, " + deploy + "}}}\n")
                        .text())
                .contains("deploy:\n      replicas: 0\n    ");
    }

    @Test
    @Tag("R30")
    void aLabelOfASwarmNamesThePort() throws IOException {
        assertThat(render(
                                "services: {web: {image: web, deploy: {labels: ['traefik.http.services.x.loadbalancer.server.port=8000']}}}\n")
                        .endpoints())
                .singleElement()
                .hasToString(render("services: {web: {image: web, expose: ['8000']}}\n")
                        .endpoints()
                        .get(0)
                        .toString());
    }

    @Test
    @Tag("R31")
    void theWorkingDirectoryIsNoSecret() {
        assertThatThrownBy(() -> render("""
                services: {web: {image: web, expose: ["80"], volumes: ["data:/data"]}}
                volumes: {data: {driver: local, driver_opts: {type: none, o: bind, device: ./data}}}
                """))
                .hasMessageContaining(directory.toString())
                .hasMessageNotContaining("***");
    }

    private Stack render(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return builder().render();
    }

    private StackBuilder builder() {
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com");
    }
}
