package io.github.xdevops.compose.render;

import io.github.xdevops.compose.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data model of overlays. docs/compose-files.md documents it; a test compares both.
 *
 * @param stack the tree as it is before the overlay
 */
record OverlayModel(StackRendering rendering, Map<String, @Nullable Object> stack, List<Endpoint> endpoints) {

    Map<String, Object> toMap() {
        var routed = new LinkedHashMap<String, List<Map<String, Object>>>();
        var urls = new LinkedHashMap<String, String>();
        urls.put(
                "COMPOSE_URL",
                endpoints.isEmpty()
                        ? rendering.canonical().toString()
                        : endpoints.get(0).url());
        for (int i = 0; i < endpoints.size(); i++) {
            var endpoint = endpoints.get(i);
            var service = endpoint.route().service();
            routed.computeIfAbsent(service, name -> new ArrayList<>()).add(route(i, endpoint));
            urls.putIfAbsent(
                    "COMPOSE_URL_" + service.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), endpoint.url());
        }
        var model = new LinkedHashMap<String, Object>();
        model.put("project", rendering.project());
        model.put(
                "environment",
                Map.of(
                        "repository", rendering.environment().repository(),
                        "name", rendering.environment().name()));
        model.put("lifetime", rendering.lifetime().word());
        model.put("proxyNetwork", rendering.proxyNetwork() == null ? "" : rendering.proxyNetwork());
        model.put("stack", stack);
        model.put("replacements", replacements());
        model.put(
                "ownLabels",
                Map.of("removed", ownLabels().removed(), "added", ownLabels().added()));
        model.put("routed", routed);
        model.put("urls", urls);
        return model;
    }

    private Map<String, Object> route(int index, Endpoint endpoint) {
        var route = endpoint.route();
        var host = endpoint.address().host();
        var visitors = rendering.visitors();
        var router = router(index, endpoint);
        var names = new ArrayList<>(List.of(router + "__deployment"));
        rendering.overlays().ofRouters().stream()
                .filter(overlay -> !overlay.equals(Overlays.WWW) || endpoint.otherHost() != null)
                .forEach(overlay -> names.add(router + "__" + overlay));
        if (route.stripped()) {
            names.add(router + "__strip");
        }
        names.addAll(ownLabels().middlewares().getOrDefault(route.service(), List.of()));
        var model = new LinkedHashMap<String, Object>();
        model.put("service", route.service());
        model.put("port", Integer.toString(route.port()));
        model.put("scheme", route.scheme().word());
        model.put("strip", route.stripped());
        model.put("sticky", route.sticky());
        model.put("host", host);
        model.put("origin", endpoint.address().toString());
        model.put(
                "publicPort",
                endpoint.address().port() == 0
                        ? ""
                        : Integer.toString(endpoint.address().port()));
        model.put("otherHost", endpoint.otherHost() == null ? "" : endpoint.otherHost());
        model.put("path", route.path());
        model.put("url", endpoint.url());
        model.put("secure", endpoint.address().secure());
        model.put("entryPoint", endpoint.entryPoint());
        model.put("router", router);
        model.put("rule", endpoint.rule());
        model.put("priority", rendering.lifetime().isForever() ? Generations.priority(endpoint.rule()) : "");
        var proxyNetwork = rendering.proxyNetwork();
        model.put(
                "network", proxyNetwork == null ? rendering.project() + "_" + network(route.service()) : proxyNetwork);
        model.put("middlewares", String.join(",", names));
        model.put("httpMiddlewares", (endpoint.otherHost() == null ? "" : router + "__www,") + router + "__https");
        model.put("mark", endpoint.mark());
        model.put("certResolver", visitors.certResolver() == null ? "" : visitors.certResolver());
        model.put("basicAuth", visitors.user(rendering.project()));
        return model;
    }

    private String router(int index, Endpoint endpoint) {
        var replacement = replacements().getOrDefault(endpoint.route().service(), "");
        return Generations.router(rendering.project(), index, replacement.startsWith("start-first"));
    }

    /** The Traefik labels that a persistent stack brings itself; empty for a review environment. */
    OwnLabels ownLabels() {
        if (!rendering.lifetime().isForever()) {
            return new OwnLabels(Map.of(), Map.of(), Map.of(), List.of());
        }
        var routers = new LinkedHashMap<String, String>();
        for (int i = 0; i < endpoints.size(); i++) {
            routers.putIfAbsent(endpoints.get(i).route().service(), router(i, endpoints.get(i)));
        }
        return OwnLabels.of(rendering.project(), stack, routers);
    }

    /** How each service is replaced; a review is as it was. */
    private Map<String, String> replacements() {
        var replacements = new LinkedHashMap<String, String>();
        if (rendering.lifetime().isForever()) {
            var routed = endpoints.stream()
                    .map(endpoint -> endpoint.route().service())
                    .collect(Collectors.toSet());
            Replacement.of(stack, routed).forEach((service, how) -> replacements.put(service, how.text()));
        }
        return replacements;
    }

    /** The network that Traefik uses. Without it, Traefik would choose one of several at random. */
    private String network(String service) {
        if (stack.get("services") instanceof Map<?, ?> services
                && services.get(service) instanceof Map<?, ?> definition
                && definition.get("networks") instanceof Map<?, ?> networks
                && !networks.isEmpty()) {
            return String.valueOf(networks.keySet().iterator().next());
        }
        return "default";
    }
}
