package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.file.mount.MountedFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a service of a persistent stack is replaced by its next version.
 *
 * @param startsFirst whether the new containers start before the old ones stop; the server does that where they have a health check
 * @param reason why, as the deploy's log says it; empty where there is nothing to say
 */
record Replacement(boolean startsFirst, String reason) {
    private static final String ORDER = "deploy.update_config.order";

    /** The replacement of each service, in the services' order. */
    static Map<String, Replacement> of(Map<String, @Nullable Object> tree, Set<String> routed) {
        var all = new LinkedHashMap<String, Replacement>();
        map(tree.get("services"))
                .forEach((name, service) -> all.put(name, of(name, map(service), routed.contains(name))));
        return all;
    }

    private static Replacement of(String name, Map<String, @Nullable Object> service, boolean routed) {
        var unique = unique(service);
        switch (String.valueOf(order(service))) {
            case "start-first" -> {
                unique.ifPresent(key -> {
                    throw ComposeException.data("services." + name + "." + ORDER + " is start-first, and services."
                            + name + "." + key.name()
                            + " forbids two containers of it at once: remove one of them");
                });
                return new Replacement(true, "as " + ORDER + " says");
            }
            case "stop-first" -> {
                return new Replacement(false, "as " + ORDER + " says");
            }
            default -> {
                var reason = unique.map(Key::reason)
                        .or(() -> written(service))
                        .or(() -> routed ? Optional.empty() : Optional.of("it has no URL"));
                return new Replacement(reason.isEmpty(), reason.orElse(""));
            }
        }
    }

    /** The form in the compose file on the server. */
    String text() {
        return (startsFirst ? "start-first" : "stop-first") + (reason.isEmpty() ? "" : ": " + reason);
    }

    private static @Nullable Object order(Map<String, @Nullable Object> service) {
        return map(map(service.get("deploy")).get("update_config")).get("order");
    }

    private record Key(String name, String reason) {}

    /** The key that only one container on the server can have. */
    private static Optional<Key> unique(Map<String, @Nullable Object> service) {
        for (var port : items(service.get("ports"))) {
            if (map(port).get("published") != null) {
                return Optional.of(
                        new Key("ports", "it has the port " + map(port).get("published") + " of the server"));
            }
        }
        if (service.get("container_name") != null) {
            return Optional.of(new Key("container_name", "it has a container_name"));
        }
        if (String.valueOf(service.get("network_mode")).matches("host|(container|service):.*")) {
            return Optional.of(new Key("network_mode", "it shares a network by its network_mode"));
        }
        for (var network : map(service.get("networks")).entrySet()) {
            for (var key : List.of("ipv4_address", "ipv6_address", "mac_address")) {
                if (map(network.getValue()).get(key) != null) {
                    return Optional.of(
                            new Key("networks." + network.getKey() + "." + key, "it has an address of its own"));
                }
            }
        }
        return service.get("mac_address") == null
                ? Optional.empty()
                : Optional.of(new Key("mac_address", "it has an address of its own"));
    }

    /** The place to which two versions would write at once. */
    private static Optional<String> written(Map<String, @Nullable Object> service) {
        for (var item : items(service.get("volumes"))) {
            var mount = map(item);
            var source = String.valueOf(mount.getOrDefault("source", ""));
            var kind = String.valueOf(mount.get("type"));
            if (Boolean.TRUE.equals(mount.get("read_only"))
                    || MountedFiles.isVolume(source)
                    || MountedFiles.isSource(source)) {
                continue;
            }
            if (kind.equals("bind")) {
                return Optional.of("it writes to " + source);
            }
            if (kind.equals("volume")) {
                return Optional.of("it has the volume " + (source.isEmpty() ? mount.get("target") : source));
            }
        }
        return service.get("volumes_from") == null ? Optional.empty() : Optional.of("it has volumes_from");
    }

    private static List<?> items(@Nullable Object value) {
        return value instanceof List<?> items ? items : List.of();
    }

    @SuppressWarnings("unchecked") // keys of a compose file's maps are strings
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }
}
