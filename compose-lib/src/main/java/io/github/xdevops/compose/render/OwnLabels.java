package io.github.xdevops.compose.render;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the Traefik labels that a persistent stack brings itself. Traefik's names are global on a server, so two sites with a
 * router {@code app} would both end in 404. A service with a route keeps its middlewares, under the name of its router, and loses its own
 * routers; what others define is named after the project.
 *
 * @param removed the labels to take away, by service
 * @param added the labels to add, by service
 * @param middlewares what a service's own routers name, for its route, by service
 * @param warnings what is given up, one line each
 */
record OwnLabels(
        Map<String, List<String>> removed,
        Map<String, Map<String, String>> added,
        Map<String, List<String>> middlewares,
        List<String> warnings) {
    private static final Pattern NAMED = Pattern.compile(
            "(traefik\\.(http|tcp|udp)\\.(routers|services|middlewares|serverstransports)\\.)([^.]+)\\.(.+)",
            Pattern.CASE_INSENSITIVE);
    /** Below these a value is a name, or several with commas between them. */
    private static final Pattern REFERENCE = Pattern.compile(
            "service|middlewares|chain\\.middlewares|errors\\.service|loadbalancer\\.serverstransport",
            Pattern.CASE_INSENSITIVE);

    /**
     * Finds them.
     *
     * @param routers the name of the first router of each service with a route
     */
    static OwnLabels of(String project, Map<String, @Nullable Object> tree, Map<String, String> routers) {
        var work =
                new OwnLabels(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        var labels = labels(tree);
        // What this tool made is rendered again to the same.
        labels.values()
                .forEach(own -> own.keySet().removeIf(label -> {
                    var name = NAMED.matcher(label);
                    return name.matches() && name.group(4).startsWith(project + "__");
                }));
        var defined = new LinkedHashMap<String, Map<String, String>>();
        labels.forEach((service, own) -> own.forEach((label, value) -> {
            var name = NAMED.matcher(label);
            if (name.matches() && name.group(1).equalsIgnoreCase("traefik.http.middlewares.")) {
                defined.computeIfAbsent(name.group(4), key -> new LinkedHashMap<>())
                        .put(name.group(5), value);
            }
        }));
        labels.forEach((service, own) -> {
            var router = routers.get(service);
            if (router == null) {
                work.rename(project, service, own, names(labels));
                work.bringAlong(project, service, defined, labels, routers.keySet());
            } else {
                work.replace(project, service, own, router, defined, names(labels));
            }
        });
        return work;
    }

    /** For a service without a route: puts the project's name in front of its names. */
    private void rename(String project, String service, Map<String, String> own, Set<String> names) {
        own.forEach((label, value) -> {
            var name = NAMED.matcher(label);
            if (name.matches()) {
                remove(service, label);
                add(
                        service,
                        name.group(1) + project + "__" + name.group(4) + "." + name.group(5),
                        REFERENCE.matcher(name.group(5)).matches()
                                ? renamed(value, known -> names.contains(known) ? project + "__" + known : null)
                                : value);
            }
        });
    }

    /** Middlewares that it names and a service with a route defines, where they are left out; what these name themselves comes along. */
    private void bringAlong(
            String project,
            String service,
            Map<String, Map<String, String>> defined,
            Map<String, Map<String, String>> labels,
            Set<String> routed) {
        var missing = new LinkedHashMap<>(defined);
        labels.forEach((other, own) -> {
            if (!routed.contains(other)) {
                own.keySet().stream()
                        .map(NAMED::matcher)
                        .filter(name -> name.matches() && name.group(3).equalsIgnoreCase("middlewares"))
                        .forEach(name -> missing.remove(name.group(4)));
            }
        });
        for (var found = true; found; ) {
            var text =
                    "," + String.join(",", added.getOrDefault(service, Map.of()).values()) + ",";
            found = missing.entrySet().removeIf(middleware -> {
                if (!text.contains("," + project + "__" + middleware.getKey() + ",")) {
                    return false;
                }
                middleware
                        .getValue()
                        .forEach((rest, value) -> add(
                                service,
                                "traefik.http.middlewares." + project + "__" + middleware.getKey() + "." + rest,
                                rest.equalsIgnoreCase("chain.middlewares")
                                        ? renamed(value, one -> defined.containsKey(one) ? project + "__" + one : null)
                                        : value));
                return true;
            });
        }
    }

    /** For a service with a route: applies its middlewares to the generated router. */
    private void replace(
            String project,
            String service,
            Map<String, String> own,
            String router,
            Map<String, Map<String, String>> defined,
            Set<String> names) {
        var others = new LinkedHashMap<String, String>();
        own.forEach((label, value) -> {
            var name = NAMED.matcher(label);
            if (!name.matches()) {
                return;
            }
            if (!name.group(2).equalsIgnoreCase("http")) {
                others.put(label, value);
                return;
            }
            remove(service, label);
            if (!name.group(3).equalsIgnoreCase("routers")) {
                return;
            }
            switch (name.group(5).toLowerCase(Locale.ROOT)) {
                case "middlewares" -> {
                    for (var one : value.split(",")) {
                        apply(service, one.strip(), router, defined);
                    }
                }
                case "rule" ->
                    warnings.add("services." + service + ".labels." + label
                            + " is left out, because the environment's own router leads there; its host name is that of compose.url or"
                            + " compose.domain");
                case "tls.certresolver" ->
                    warnings.add("services." + service + ".labels." + label
                            + " is left out; set -Dcompose.certResolver=" + value + " instead");
                default -> {}
            }
        });
        rename(project, service, others, names);
    }

    private void apply(String service, String name, String router, Map<String, Map<String, String>> defined) {
        var applied = middlewares.computeIfAbsent(service, key -> new ArrayList<>());
        var known = define(service, name, router, defined, new LinkedHashSet<>());
        if (!name.isEmpty() && !applied.contains(known)) {
            applied.add(known);
        }
    }

    /** Copies a middleware, and those in its chain, from where the stack defines it; its new name, or the old one if it is not of the stack. */
    private String define(
            String service, String name, String router, Map<String, Map<String, String>> defined, Set<String> begun) {
        var plain = name.replaceFirst("@docker$", "");
        var definition = defined.get(plain);
        if (definition == null || !begun.add(plain)) {
            return definition == null ? name : router + "__own-" + plain;
        }
        definition.forEach((rest, value) -> add(
                service,
                "traefik.http.middlewares." + router + "__own-" + plain + "." + rest,
                rest.equalsIgnoreCase("chain.middlewares")
                        ? renamed(value, one -> define(service, one, router, defined, begun))
                        : value));
        return router + "__own-" + plain;
    }

    private static String renamed(String value, Function<String, @Nullable String> names) {
        return Stream.of(value.split(","))
                .map(one -> {
                    var name = names.apply(one.strip().replaceFirst("@docker$", ""));
                    return name == null ? one.strip() : name;
                })
                .collect(Collectors.joining(","));
    }

    private void remove(String service, String label) {
        removed.computeIfAbsent(service, key -> new ArrayList<>()).add(label);
    }

    private void add(String service, String label, String value) {
        added.computeIfAbsent(service, key -> new LinkedHashMap<>()).put(label, value);
    }

    private static Set<String> names(Map<String, Map<String, String>> labels) {
        return labels.values().stream()
                .flatMap(own -> own.keySet().stream())
                .map(NAMED::matcher)
                .filter(Matcher::matches)
                .map(name -> name.group(4))
                .collect(Collectors.toSet());
    }

    private static Map<String, Map<String, String>> labels(Map<String, @Nullable Object> tree) {
        var all = new LinkedHashMap<String, Map<String, String>>();
        if (tree.get("services") instanceof Map<?, ?> services) {
            services.forEach((service, definition) -> {
                var own = new LinkedHashMap<String, String>();
                if (definition instanceof Map<?, ?> members && members.get("labels") instanceof Map<?, ?> labels) {
                    labels.forEach(
                            (label, value) -> own.put(String.valueOf(label), value == null ? "" : value.toString()));
                }
                all.put(String.valueOf(service), own);
            });
        }
        return all;
    }
}
