package io.github.xdevops.compose.it;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A running container as its neighbours could look for it.
 *
 * @param project the environment that it belongs to
 * @param addresses its address in each network
 * @param gateways the server's own address in each network
 */
record Occupant(
        String project,
        String service,
        String id,
        String name,
        int port,
        Map<String, String> addresses,
        Set<String> gateways) {

    /** Everything that runs in an environment. */
    static List<Occupant> of(TestServer server, String project, Map<String, Integer> ports) {
        return server.docker("ps", "-q", "--no-trunc", "--filter", "label=com.docker.compose.project=" + project)
                .lines()
                .map(id -> inspect(server, project, id, ports))
                .toList();
    }

    private static Occupant inspect(TestServer server, String project, String id, Map<String, Integer> ports) {
        var words = server.docker(
                        "inspect",
                        "--format",
                        "{{.Name}} {{index .Config.Labels \"com.docker.compose.service\"}}"
                                + "{{range $n, $e := .NetworkSettings.Networks}} {{$n}}={{.IPAddress}}={{.Gateway}}{{end}}",
                        id)
                .strip()
                .split(" ");
        var addresses = new LinkedHashMap<String, String>();
        var gateways = new LinkedHashSet<String>();
        Arrays.stream(words).skip(2).map(word -> word.split("=")).forEach(network -> {
            addresses.put(network[0], network[1]);
            gateways.add(network[2]);
        });
        return new Occupant(
                project, words[1], id, words[0].substring(1), ports.getOrDefault(words[1], 80), addresses, gateways);
    }

    /** Every name that Docker's resolver could know it by, but for its service's name, which neighbours have as well. */
    Set<String> names() {
        var names = new LinkedHashSet<String>();
        names.addAll(List.of(name, id, id.substring(0, 12), project, service + "." + project));
        for (var network : addresses.keySet()) {
            names.addAll(List.of(service + "." + network, name + "." + network, id.substring(0, 12) + "." + network));
        }
        return names;
    }

    /** Whether both are in a network that is not shared with everybody. */
    boolean meets(Occupant other) {
        return project.equals(other.project)
                && addresses.keySet().stream().anyMatch(other.addresses.keySet()::contains);
    }
}
