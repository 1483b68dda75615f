package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Traefik in a container, on a network that it shares with every environment: {@code compose.proxyNetwork}. */
@Tag("alone")
class ProxyNetworkIT {
    private static final String WEB = "compose-it-proxy";
    private static final String TRAEFIK = "compose-it-traefik";
    private static final Map<String, Integer> PORTS = Map.of("web", 80, "db", 5432);

    private final Map<String, String> hosts = new LinkedHashMap<>();

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();
    private final Attempts attempts = new Attempts(server);

    @BeforeEach
    void startTraefik() {
        // A run that was ended may have left them.
        server.login("docker rm -f " + TRAEFIK + "; docker network rm " + WEB + "; :");
        server.docker("network", "create", WEB);
        server.docker(
                "run",
                "-d",
                "--name",
                TRAEFIK,
                "--network",
                WEB,
                "-v",
                server.directory().resolve("docker.sock") + ":/docker.sock",
                "-v",
                server.directory().resolve("bin/traefik") + ":/bin/traefik:ro",
                "compose-it/busybox:1",
                "traefik",
                "--providers.docker.endpoint=unix:///docker.sock",
                "--providers.docker.exposedByDefault=false",
                "--providers.providersThrottleDuration=100ms",
                "--entryPoints.web.address=:80");
    }

    @AfterEach
    void takeDown() {
        here.projects().forEach(project -> stacks.down(project, Progress.NONE));
        server.docker("rm", "-f", TRAEFIK);
        server.docker("network", "rm", WEB);
    }

    @Test
    void aNeighboursServiceHasNoNameOnTheSharedNetworkAndTraefikServesAll() {
        var first = deploy("shared/a", "one");
        deploy("shared/b", "one");
        deploy("shared/c", "one");
        hosts.keySet().forEach(project -> assertThat(page(project)).isEqualTo(project + " one"));
        int pairs = tryAll();
        server.docker("stop", "-t", "0", first + "-db-1");
        assertThat(attempts.addresses(first + "-web-1", "db")).isEmpty();
        server.docker("start", first + "-db-1");

        // Compose recreates the container, which must be attached again before it starts.
        deploy("shared/a", "two");
        assertThat(page(first)).isEqualTo(first + " two");
        pairs += tryAll();

        var broken = stack("shared/a", "three; exit 3");
        assertThatThrownBy(() -> here.deploy(broken)).hasMessageContaining("previous version is up");
        assertThat(page(first)).isEqualTo(first + " two");
        pairs += tryAll();

        assertThat(here.deploy(stack("shared/a", "two")).changed()).isFalse();
        Proof.claim("isolation: on a shared proxy network " + pairs
                + " pairs tried by service name and by unrouted address, reachable: 0");
    }

    @Test
    void aNetworkThatIsMissingOrANeighboursIsRefused() {
        var neighbour = deploy("shared/a", "one");
        for (var network : List.of("compose-it-missing", neighbour + "_default")) {
            var stack = stack("shared/d", "one", network);
            assertThatThrownBy(() -> here.deploy(stack))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isIn(Outcome.UNAVAIL, Outcome.POLICY))
                    .hasMessageContaining(network);
            assertThat(server.remains(stack.project())).isEmpty();
        }
    }

    private int tryAll() {
        var all = hosts.keySet().stream()
                .flatMap(project -> Occupant.of(server, project, PORTS).stream())
                .toList();
        return Attempts.fromEach(all, occupant -> tryFrom(occupant, all));
    }

    private int tryFrom(Occupant here, List<Occupant> all) {
        assertThat(here.addresses().containsKey(WEB)).isEqualTo(here.service().equals("web"));
        var own = new TreeSet<String>();
        var allowed = new TreeSet<String>();
        var forbidden = new LinkedHashSet<String>();
        for (var other : all) {
            if (here.project().equals(other.project())) {
                own.addAll(other.addresses().values());
                allowed.add(Attempts.connect(other.service(), other.port()));
            } else {
                for (var name : Set.of(other.project(), other.service() + "." + WEB)) {
                    forbidden.add(Attempts.connect(name, other.port()));
                }
                other.addresses().forEach((network, address) -> {
                    var attempt = Attempts.connect(address, other.port());
                    // Whoever is on the network can be reached by the address that he has there: SECURITY.md says so.
                    if (network.equals(WEB) && here.addresses().containsKey(WEB)) {
                        allowed.add(attempt);
                    } else {
                        forbidden.add(attempt);
                    }
                });
            }
        }
        var wanted = new LinkedHashSet<>(forbidden);
        wanted.addAll(allowed);
        assertThat(attempts.reached(here.id(), wanted)).as(here.name()).isEqualTo(allowed);
        int names = 0;
        for (var service : PORTS.keySet()) {
            assertThat(own).as("%s in %s", service, here.name()).containsAll(attempts.addresses(here.id(), service));
            names += hosts.size() - 1;
        }
        return forbidden.size() + names;
    }

    private String page(String project) {
        var script = "wget -q -O - --header \"Host: $1\" http://127.0.0.1/ 2>/dev/null || :";
        for (int i = 0; i < 100; i++) {
            var page = server.docker(
                    "exec",
                    TRAEFIK,
                    "sh",
                    "-c",
                    "timeout 5 sh -c '" + script + "' sh \"$1\"",
                    "sh",
                    hosts.get(project));
            if (!page.isBlank()) {
                return page.strip();
            }
            TestServer.pause(100);
        }
        throw new AssertionError(server.docker("logs", "--tail", "20", TRAEFIK));
    }

    private String deploy(String branch, String text) {
        var stack = stack(branch, text);
        hosts.put(stack.project(), stack.endpoints().get(0).address().host());
        here.deploy(stack);
        return stack.project();
    }

    private Stack stack(String branch, String text) {
        return stack(branch, text, WEB);
    }

    private Stack stack(String branch, String text, String network) {
        var environment = Environment.of("acme/it", branch);
        var file = """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo %s %s; echo %s %s > /www/index.html && exec httpd -f -p 80 -h /www"]
                  db:
                    image: compose-it/busybox:1
                    command: ["httpd", "-f", "-p", "5432", "-h", "/tmp"]
                """.formatted(environment.slug(), text, environment.slug(), text);
        return here.render(here.compose(environment, file)
                .routes(List.of(Route.to("web", 80)))
                .proxyNetwork(network));
    }
}
