package io.github.xdevops.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What overlays see: strings, numbers, booleans, lists and maps, named in docs/templates.md. */
final class OverlayModel {
    private OverlayModel() {}

    static Map<String, Object> of(
            String project,
            Environment environment,
            Lifetime lifetime,
            Map<String, @Nullable Object> stack,
            List<Endpoint> endpoints) {
        var routed = new LinkedHashMap<String, List<Map<String, Object>>>();
        for (int i = 0; i < endpoints.size(); i++) {
            var endpoint = endpoints.get(i);
            routed.computeIfAbsent(endpoint.route().service(), service -> new ArrayList<>())
                    .add(route(project, i, endpoint, stack));
        }
        var model = new LinkedHashMap<String, Object>();
        model.put("project", project);
        model.put("environment", Map.of("repository", environment.repository(), "name", environment.name()));
        model.put("lifetime", lifetime.word());
        model.put("stack", stack);
        model.put("routed", routed);
        return model;
    }

    private static Map<String, Object> route(
            String project, int index, Endpoint endpoint, Map<String, @Nullable Object> stack) {
        var route = endpoint.route();
        var host = endpoint.address().host();
        return Map.of(
                "service",
                route.service(),
                "port",
                Integer.toString(route.port()),
                "host",
                host,
                "path",
                route.path(),
                "secure",
                endpoint.address().secure(),
                "entryPoint",
                endpoint.address().secure() ? "websecure" : "web",
                "router",
                project + (index == 0 ? "" : "-" + index),
                "rule",
                "Host(`" + host + "`)" + (route.path().equals("/") ? "" : " && PathPrefix(`" + route.path() + "`)"),
                "network",
                project + "_" + network(stack, route.service()));
    }

    /** With several networks Traefik would take one at random. */
    private static String network(Map<String, @Nullable Object> stack, String service) {
        if (stack.get("services") instanceof Map<?, ?> services
                && services.get(service) instanceof Map<?, ?> definition
                && definition.get("networks") instanceof Map<?, ?> networks
                && !networks.isEmpty()) {
            return String.valueOf(networks.keySet().iterator().next());
        }
        return "default";
    }
}
