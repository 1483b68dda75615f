package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.proof.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Environments on one server do not reach each other, by no name and no address, while Traefik serves them all. */
@Tag("alone")
class IsolationIT {
    private static final Map<String, Integer> PORTS = Map.of("web", 80, "db", 5432);

    private final Map<String, String> urls = new LinkedHashMap<>();

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();
    private final Attempts attempts = new Attempts(server);

    @Test
    void noContainerReachesAnyOtherEnvironmentWhileTraefikServesAll() throws Exception {
        var first = deploy("isolated/a", "networks: {default: {name: everybodys}}");
        deploy("isolated/b", "networks: {default: {name: everybodys}}");
        deploy("isolated/c", "networks: {front: {name: everybodys}, back: {}}");
        urls.forEach((project, url) -> assertThat(server.get(url)).contains(project));
        var over = new AtomicBoolean();
        var answers = new ArrayList<String>();
        var visitor = new Thread(() -> visit(over, answers));
        visitor.start();
        int pairs;
        try {
            pairs = tryAll();
            // Its own name must not lead to the neighbours' services of that name now.
            server.docker("stop", "-t", "0", first + "-db-1");
            assertThat(attempts.addresses(first + "-web-1", "db")).isEmpty();
            assertThat(attempts.addresses(first + "-web-1", "web")).hasSize(1);
            pairs += tryAll();
        } finally {
            over.set(true);
            visitor.join();
        }
        assertThat(answers).isNotEmpty().allMatch("right"::equals);
        Proof.claim("isolation: " + pairs + " pairs tried, reachable: 0");
        Proof.claim("isolation: " + urls.size() + " URLs asked " + answers.size()
                + " times meanwhile, each answered by its own environment");
    }

    /** How many attempts there were to reach somebody else. */
    private int tryAll() {
        var all = urls.keySet().stream()
                .flatMap(project -> Occupant.of(server, project, PORTS).stream())
                .toList();
        return Attempts.fromEach(all, occupant -> tryFrom(occupant, all));
    }

    private int tryFrom(Occupant here, List<Occupant> all) {
        var allowed = new TreeSet<String>();
        var forbidden = new LinkedHashSet<String>();
        for (var other : all) {
            if (here.meets(other)) {
                // If these fail, the attempts themselves are at fault.
                allowed.add(Attempts.resolve(other.service()));
                allowed.add(Attempts.connect(other.service(), other.port()));
                allowed.add(Attempts.connect(other.name(), other.port()));
            } else if (!here.project().equals(other.project())) {
                other.names().forEach(name -> {
                    forbidden.add(Attempts.resolve(name));
                    forbidden.add(Attempts.connect(name, other.port()));
                });
                other.addresses().values().forEach(address -> {
                    forbidden.add(Attempts.ping(address));
                    PORTS.values().forEach(port -> forbidden.add(Attempts.connect(address, port)));
                });
                other.gateways()
                        .forEach(gateway ->
                                PORTS.values().forEach(port -> forbidden.add(Attempts.connect(gateway, port))));
            }
        }
        var wanted = new ArrayList<>(forbidden);
        wanted.addAll(allowed);
        assertThat(attempts.reached(here.id(), wanted))
                .as("%s reaches its own environment and nobody else's; is the engine run with iptables?", here.name())
                .isEqualTo(allowed);
        for (var service : PORTS.keySet()) {
            var own = new TreeSet<String>();
            all.stream()
                    .filter(other -> here.meets(other) && other.service().equals(service))
                    .forEach(other -> own.addAll(other.addresses().values()));
            assertThat(own).containsAll(attempts.addresses(here.id(), service));
        }
        return forbidden.size();
    }

    private void visit(AtomicBoolean over, List<String> answers) {
        while (!over.get()) {
            urls.forEach((project, url) -> {
                var page = server.page(url);
                answers.add(page.equals(Optional.of(project)) ? "right" : url + " answered " + page);
            });
            TestServer.pause(200);
        }
    }

    private String deploy(String branch, String networks) {
        var environment = Environment.of("acme/it", branch);
        var project = environment.slug();
        var inside = networks.contains("back") ? "[front, back], [back]" : "[default], [default]";
        var both = inside.split("(?<=]), ");
        var file = """
                services:
                  web:
                    image: compose-it/httpd:1
                    command: ["sh", "-c", "echo %s > /www/index.html && exec httpd -f -p 80 -h /www"]
                    expose: ["80"]
                    networks: %s
                  db:
                    image: compose-it/busybox:1
                    command: ["httpd", "-f", "-p", "5432", "-h", "/tmp"]
                    networks: %s
                %s
                """.formatted(project, both[0], both[1], networks);
        var stack = here.render(here.compose(environment, file).routes(List.of(Route.to("web", 80))));
        urls.put(project, stack.endpoints().get(0).url());
        here.deploy(stack);
        return project;
    }
}
