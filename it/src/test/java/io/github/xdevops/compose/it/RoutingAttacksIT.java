package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No label of a project leads Traefik to a neighbour's service, its URL, or a port of the server itself. */
class RoutingAttacksIT {
    private static final Environment VICTIM = Environment.of("acme/it", "routing/victim");
    private static final Environment ATTACKER = Environment.of("acme/it", "routing/attacker");
    private static final String FILE = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["sh", "-c", "echo $$WHO > /www/index.html && exec httpd -f -p 80 -h /www"]
                environment: {WHO: %s}
                expose: ["80"]
              db:
                image: compose-it/httpd:1
                command: ["httpd", "-f", "-p", "80"]
            """;

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();
    private final Path directory = here.directory();

    @Test
    @Tag("L1")
    @Tag("L2")
    void noLabelLeadsToANeighbourOrToTheServer() throws IOException {
        var victim = stack(VICTIM, "victim", "");
        here.deploy(victim);
        var url = victim.endpoints().get(0).url();
        assertThat(server.get(url).strip()).isEqualTo("victim");
        var tried = 0;
        for (var labels : Ring.sample(attacks(victim), 12)) {
            var attack = stack(ATTACKER, "attacker", template(labels));
            assertThatExceptionOfType(ComposeException.class)
                    .as("%s", labels)
                    .isThrownBy(() -> here.deploy(attack))
                    .satisfies(refusal -> assertThat(refusal.word()).isEqualTo(Outcome.POLICY));
            assertThat(server.page(attack.endpoints().get(0).url())).isEmpty();
            tried++;
        }
        assertThat(server.page(url)).isEqualTo(Optional.of("victim"));
        // The same without an attack is deployed, so it was not refused for something else.
        var honest = stack(ATTACKER, "attacker", template(Map.of()));
        here.deploy(honest);
        assertThat(server.get(honest.endpoints().get(0).url()).strip()).isEqualTo("attacker");
        assertThat(server.page(url)).isEqualTo(Optional.of("victim"));
        Proof.claim("routing: " + tried
                + " ways to a neighbour's service and URL and to the server's own ports tried, reached: 0");
    }

    /** Each changes labels of an honest router; an empty value takes one away. */
    private List<Map<String, String>> attacks(Stack victim) {
        var all = new ArrayList<Map<String, String>>();
        var port = "services.R.loadbalancer.server.port";
        for (var target : targets(victim.project())) {
            all.add(Map.of(port, "80@" + target));
            all.add(Map.of("services.R.loadbalancer.server.url", "http://" + target));
        }
        var host = victim.endpoints().get(0).address().host();
        all.add(Map.of("routers.R.rule", "Host(`" + host + "`)"));
        all.add(Map.of("routers.R.rule", "HostRegexp(`.*`)"));
        all.add(Map.of("routers.R.service", victim.project() + "__0"));
        all.add(Map.of("routers.R.service", "api@internal"));
        all.add(Map.of("services." + victim.project() + "__0.loadbalancer.server.port", "80"));
        all.add(Map.of("services.web-" + victim.project() + ".loadbalancer.server.port", "80"));
        all.add(Map.of("routers." + victim.project() + "__0.rule", "Host(`" + host + "`)"));
        for (var label : List.of("routers.R.rule", "routers.R.service", "routers.R.entrypoints", port)) {
            all.add(Map.of(label, ""));
        }
        all.add(Map.of("routers.R.rule", "", "routers.R.service", "", "routers.R.entrypoints", "", port, ""));
        return all;
    }

    private List<String> targets(String project) {
        var targets =
                new ArrayList<>(List.of("127.0.0.1:8089", "127.0.0.1:80", "169.254.169.254:80", "localhost:8080"));
        Occupant.of(server, project, Map.of()).forEach(other -> {
            other.addresses().values().forEach(address -> targets.add(address + ":80"));
            other.gateways().forEach(gateway -> targets.add(gateway + ":80"));
        });
        return targets;
    }

    private static String template(Map<String, String> changes) {
        var labels = new LinkedHashMap<>(Map.of(
                "routers.R.rule", "[=routes[0].rule]",
                "routers.R.entrypoints", "[=routes[0].entryPoint]",
                "routers.R.service", "[=routes[0].router]",
                "services.R.loadbalancer.server.port", "80"));
        labels.putAll(changes);
        var text = new StringBuilder("""
                services:
                [#list routed as service, routes]
                  [=service]:
                    labels:
                      traefik.enable: "true"
                      traefik.docker.network: [=routes[0].network]
                """);
        labels.forEach((label, value) -> {
            if (!value.isEmpty()) {
                var name = "traefik.http." + label.replace(".R.", ".[=routes[0].router].");
                text.append("      [=\"").append(name).append("\"]: ");
                text.append(value.startsWith("[=") ? value : '"' + value + '"').append('\n');
            }
        });
        return text.append("[/#list]\n").toString();
    }

    private Stack stack(Environment environment, String who, String template) throws IOException {
        var templates = Files.createDirectories(directory.resolve("src/main/compose"));
        Files.deleteIfExists(templates.resolve("traefik.ftl"));
        if (!template.isEmpty()) {
            Files.writeString(templates.resolve("traefik.ftl"), template);
        }
        return here.render(here.compose(environment, FILE.formatted(who))
                .routes(List.of(Route.to("web", 80)))
                .templates(List.of(templates)));
    }
}
