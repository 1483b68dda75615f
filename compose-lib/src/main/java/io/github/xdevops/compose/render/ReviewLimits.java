package io.github.xdevops.compose.render;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reports keys that a review environment drops or changes, by their paths. */
final class ReviewLimits {
    private final Map<String, @Nullable Object> after;
    private final List<String> paths = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();
    private final Set<String> addresses = new HashSet<>();
    private final List<String> lost = new ArrayList<>();

    private ReviewLimits(Map<String, @Nullable Object> after) {
        this.after = after;
    }

    /** One line for dropped keys and one for changed keys, as needed. */
    static List<String> between(Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
        var leftOut = new ReviewLimits(after);
        leftOut.of(
                before,
                "services",
                List.of(
                        "ports",
                        "container_name",
                        "hostname",
                        "domainname",
                        "mac_address",
                        "external_links",
                        "network_mode"));
        leftOut.of(before, "networks", List.of("name", "external", "driver", "driver_opts", "ipam", "enable_ipv6"));
        leftOut.of(before, "volumes", List.of("name", "external", "driver", "driver_opts"));
        map(before.get("services"))
                .forEach((name, definition) -> leftOut.ofService(String.valueOf(name), map(definition)));
        leftOut.findAddresses("services", map(after.get("services")));
        var lines = new ArrayList<String>();
        if (!leftOut.paths.isEmpty()) {
            lines.add("dropped, because review environments share the server: " + String.join(", ", leftOut.paths));
        }
        if (!leftOut.replaced.isEmpty()) {
            lines.add("replaced, because review environments are temporary and limited: "
                    + String.join(", ", leftOut.replaced));
        }
        if (!leftOut.lost.isEmpty()) {
            lines.add("these name an address that was dropped; name the service instead: "
                    + String.join(", ", leftOut.lost));
        }
        return lines;
    }

    private void ofService(String service, Map<?, ?> wanted) {
        var kept = map(map(after.get("services")).get(service));
        var path = "services." + service + ".";
        map(wanted.get("networks")).forEach((network, attachment) -> {
            var keptThere = map(map(kept.get("networks")).get(network));
            for (var key : List.of("ipv4_address", "ipv6_address", "link_local_ips", "mac_address")) {
                if (map(attachment).containsKey(key) && !keptThere.containsKey(key)) {
                    paths.add(path + "networks." + network + "." + key);
                    if (map(attachment).get(key) instanceof String address && key.startsWith("ip")) {
                        addresses.add(address);
                    }
                }
            }
        });
        for (var key : List.of("restart", "init", "stop_grace_period", "logging", "cpu_quota")) {
            if (wanted.containsKey(key) && !Objects.equals(wanted.get(key), kept.get(key))) {
                replaced.add(path + key);
            }
        }
        if (map(wanted.get("deploy")).containsKey("restart_policy")
                && !map(kept.get("deploy")).containsKey("restart_policy")) {
            replaced.add(path + "deploy.restart_policy");
        }
    }

    private void findAddresses(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, below) -> findAddresses(path + "." + key, below));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                findAddresses(path + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof String text
                && addresses.stream()
                        .anyMatch(address -> Pattern.compile("(?<![0-9.])" + Pattern.quote(address) + "(?![0-9])")
                                .matcher(text)
                                .find())) {
            lost.add(path);
        }
    }

    private void of(Map<String, @Nullable Object> before, String kind, List<String> keys) {
        map(before.get(kind)).forEach((name, definition) -> {
            var kept = map(map(after.get(kind)).get(name));
            var path = kind + "." + name + ".";
            keys.stream()
                    .filter(key -> map(definition).containsKey(key) && !kept.containsKey(key))
                    .forEach(key -> paths.add(path + key));
            map(map(definition).get("labels")).keySet().stream()
                    .filter(label ->
                            String.valueOf(label).toLowerCase(Locale.ROOT).startsWith("traefik.")
                                    && !map(kept.get("labels")).containsKey(label))
                    .forEach(label -> paths.add(path + "labels." + label));
        });
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
