package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the routes of a stack: the requested ones, those that its services declare, or the obvious one. */
public final class Routes {
    private static final String KEY = "x-route";
    private static final Pattern LABEL = Pattern.compile(
            "traefik\\.([^.]+\\.)?port|traefik\\.http\\.services\\.[^.]+\\.loadbalancer\\.server\\.port",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME = Pattern.compile(
            "traefik\\.([^.]+\\.)?protocol|traefik\\.http\\.services\\.[^.]+\\.loadbalancer\\.server\\.scheme",
            Pattern.CASE_INSENSITIVE);
    private static final List<String> KEYS = List.of("port", "prefix", "path", "scheme", "strip", "sticky");

    private Routes() {}

    /**
     * The routes of a stack, at least one.
     *
     * @param tree the stack before its labels are replaced
     * @param wanted the requested routes; perhaps none
     * @param unset warnings about variables without a value, which may be why no service has a port
     * @throws ComposeException if nothing tells where the URL leads, or a route leads nowhere
     */
    public static List<Route> of(Map<String, @Nullable Object> tree, List<Route> wanted, List<String> unset) {
        var services = map(tree.get("services"));
        var routes = found(services, wanted, unset);
        routes.forEach(route -> reachable(route, services));
        return routes;
    }

    /** Traefik reaches a service by a network of its own. */
    private static void reachable(Route route, Map<String, @Nullable Object> services) {
        var mode = text(map(services.get(route.service())), "network_mode", "");
        var owner = mode.startsWith("service:")
                ? mode.substring("service:".length())
                : services.keySet().stream()
                        .filter(name -> mode.equals(
                                "container:" + map(services.get(name)).get("container_name")))
                        .findFirst()
                        .orElse(null);
        if (owner != null) {
            throw ComposeException.data("services." + route.service() + " is in the network of " + owner
                    + " (network_mode), so its URL has to lead there: set -Dcompose.routes=" + owner + ":"
                    + route.port()
                    + ", or `" + KEY + ": " + route.port() + "` on " + owner);
        }
        if (mode.equals("none")) {
            throw ComposeException.data(
                    "services." + route.service()
                            + " has network_mode: none, so no URL can lead to it; take that away, or set -Dcompose.routes=none");
        }
    }

    private static List<Route> found(Map<String, @Nullable Object> services, List<Route> wanted, List<String> unset) {
        if (!wanted.isEmpty()) {
            for (var route : wanted) {
                if (!services.containsKey(route.service())) {
                    throw ComposeException.usage("The route leads to `" + route.service()
                            + "`, and the stack's services are " + String.join(", ", services.keySet()));
                }
            }
            return distinct(wanted);
        }
        var asked = new ArrayList<Route>();
        services.forEach((name, service) -> asked.addAll(asked(name, map(service))));
        if (asked.isEmpty()) {
            return List.of(obvious(services, unset));
        }
        if (asked.stream().noneMatch(route -> route.prefix().isEmpty())) {
            // Only side doors were asked for: the front door is where it would be without them.
            var front = front(services);
            if (front.size() == 1) {
                asked.add(0, front.get(0));
            }
        }
        return distinct(asked);
    }

    /** Refuses two routes with one URL. */
    private static List<Route> distinct(List<Route> routes) {
        var taken = new HashMap<String, Route>();
        for (var route : routes) {
            var other = taken.putIfAbsent(route.prefix() + "=" + route.path(), route);
            if (other != null) {
                var text = route.service() + ":" + route.port();
                throw ComposeException.usage("The routes " + other.service() + ":" + other.port() + " and " + text
                        + " have the same URL; give one of them a prefix (api=" + text + ") or a path (" + text
                        + "/api)");
            }
        }
        return routes;
    }

    private static List<Route> asked(String name, Map<String, @Nullable Object> service) {
        var wish = service.get(KEY);
        if (wish == null || Boolean.FALSE.equals(wish)) {
            return List.of();
        }
        var routes = new ArrayList<Route>();
        for (var one : wish instanceof List<?> list ? list : List.of(wish)) {
            var parts = one instanceof Map<?, ?> ? map(one) : Map.<String, @Nullable Object>of("port", one);
            for (var key : parts.keySet()) {
                if (!KEYS.contains(key)) {
                    throw ComposeException.data("services." + name + "." + KEY + "." + key + " is not known; use "
                            + String.join(", ", KEYS));
                }
            }
            routes.add(new Route(
                    name,
                    port(name, service, parts.get("port")),
                    text(parts, "prefix", ""),
                    text(parts, "path", "/"),
                    Route.Scheme.parse(text(parts, "scheme", "http")),
                    flag(name, parts, "strip"),
                    flag(name, parts, "sticky")));
        }
        return routes;
    }

    private static int port(String name, Map<String, @Nullable Object> service, @Nullable Object port) {
        if (port instanceof Number number) {
            return number.intValue();
        }
        if (port instanceof String digits && digits.matches("[0-9]{1,5}")) {
            return Integer.parseInt(digits);
        }
        var ports = ports(service);
        if ((port == null || Boolean.TRUE.equals(port)) && ports.size() == 1) {
            return ports.iterator().next();
        }
        throw ComposeException.data("services." + name + "." + KEY + " must have a port, as in `" + KEY + ": 8080`");
    }

    /** The routes of a service, by preference: a Traefik label, a published port, an exposed port. */
    private static List<Route> front(Map<String, @Nullable Object> services) {
        var labelled = candidates(services, Routes::labelled);
        if (labelled.size() == 1) {
            return labelled;
        }
        var published = candidates(services, Routes::published);
        if (!published.isEmpty()) {
            return published;
        }
        return labelled.isEmpty() ? candidates(services, Routes::exposed) : labelled;
    }

    private static Route obvious(Map<String, @Nullable Object> services, List<String> unset) {
        var candidates = front(services);
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        var choice = candidates.stream()
                .map(route -> route.service() + ":" + route.port())
                .collect(Collectors.joining(", "));
        throw ComposeException.usage("Which service has the URL? Set -Dcompose.routes=service:port, or `" + KEY
                + ": port` on the service, or -Dcompose.routes=none; "
                + (choice.isEmpty() ? "no service publishes or exposes a port" : "candidates: " + choice)
                + (choice.isEmpty() && !unset.isEmpty() ? ". " + String.join(". ", unset) : ""));
    }

    private static List<Route> candidates(
            Map<String, @Nullable Object> services, Function<Map<String, @Nullable Object>, Set<Integer>> ports) {
        var candidates = new ArrayList<Route>();
        services.forEach((name, service) -> {
            if (!map(service).containsKey(KEY)) {
                var scheme = scheme(map(service));
                ports.apply(map(service))
                        .forEach(port -> candidates.add(new Route(name, port, "", "/", scheme, false, false)));
            }
        });
        var led = candidates.stream()
                .filter(route -> !isSwitchedOff(map(services.get(route.service()))))
                .toList();
        return led.isEmpty() ? candidates : led;
    }

    /** The project's own setup with Traefik leads nobody there. */
    private static boolean isSwitchedOff(Map<String, @Nullable Object> service) {
        return map(service.get("labels")).entrySet().stream()
                .anyMatch(label -> label.getKey().equalsIgnoreCase("traefik.enable")
                        && "false".equals(String.valueOf(label.getValue())));
    }

    private static Set<Integer> ports(Map<String, @Nullable Object> service) {
        var published = published(service);
        var some = published.isEmpty() ? exposed(service) : published;
        return some.isEmpty() ? labelled(service) : some;
    }

    private static Set<Integer> published(Map<String, @Nullable Object> service) {
        var ports = new LinkedHashSet<Integer>();
        if (service.get("ports") instanceof List<?> published) {
            for (var port : published) {
                var isTcp = "tcp".equals(map(port).getOrDefault("protocol", "tcp"));
                if (isTcp && map(port).get("target") instanceof Number target) {
                    ports.add(target.intValue());
                }
            }
        }
        return ports;
    }

    /** The ports in Traefik's own labels, including version 1. The labels themselves are dropped. */
    private static Set<Integer> labelled(Map<String, @Nullable Object> service) {
        var ports = new LinkedHashSet<Integer>();
        // The labels of a swarm's stack are in another place.
        for (var labels : List.of(
                map(service.get("labels")), map(map(service.get("deploy")).get("labels")))) {
            labels.forEach((label, value) -> {
                var port = String.valueOf(value);
                if (LABEL.matcher(label).matches() && port.matches("[0-9]{1,5}")) {
                    ports.add(Integer.parseInt(port));
                }
            });
        }
        return ports;
    }

    /** The scheme in Traefik's own labels, including version 1. */
    private static Route.Scheme scheme(Map<String, @Nullable Object> service) {
        return Stream.of(
                        map(service.get("labels")),
                        map(map(service.get("deploy")).get("labels")))
                .flatMap(labels -> labels.entrySet().stream())
                .filter(label -> SCHEME.matcher(label.getKey()).matches())
                .map(label -> String.valueOf(label.getValue()))
                .filter(List.of("https", "h2c")::contains)
                .findFirst()
                .map(Route.Scheme::parse)
                .orElse(Route.Scheme.HTTP);
    }

    private static Set<Integer> exposed(Map<String, @Nullable Object> service) {
        var ports = new LinkedHashSet<Integer>();
        if (service.get("expose") instanceof List<?> exposed) {
            for (var port : exposed) {
                var digits = String.valueOf(port).replaceAll("/tcp$", "");
                if (digits.matches("[0-9]{1,5}")) {
                    ports.add(Integer.parseInt(digits));
                }
            }
        }
        return ports;
    }

    private static boolean flag(String name, Map<String, @Nullable Object> parts, String key) {
        var value = text(parts, key, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw ComposeException.data("services." + name + "." + KEY + "." + key + " must be true or false");
        }
        return value.equals("true");
    }

    private static String text(Map<String, @Nullable Object> parts, String key, String otherwise) {
        var value = parts.get(key);
        return value == null ? otherwise : value.toString();
    }

    @SuppressWarnings("unchecked") // keys of a compose file's maps are strings
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }
}
