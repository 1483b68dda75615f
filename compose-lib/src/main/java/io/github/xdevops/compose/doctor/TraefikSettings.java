package io.github.xdevops.compose.doctor;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.YamlReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Traefik's static configuration from its file, arguments and variables, which Traefik joins as well. Keys are in lowercase. */
final class TraefikSettings {
    private final Map<String, String> values = new HashMap<>();
    private boolean readable = true;

    static TraefikSettings of(Facts facts) {
        var settings = new TraefikSettings();
        var file = facts.first("traefik.file").orElse("");
        if (file.endsWith(".toml")) {
            settings.readable = false;
        } else {
            settings.readYaml(String.join("\n", facts.all("traefik.line")), file);
        }
        facts.all("traefik.argument").forEach(settings::readArgument);
        facts.all("traefik.variable").forEach(settings::readVariable);
        settings.readable &= !settings.values.isEmpty();
        return settings;
    }

    /** Whether all of it was found and could be read. */
    boolean isReadable() {
        return readable;
    }

    /** @param key as Traefik documents it, in lowercase: {@code providers.docker.exposedbydefault} */
    Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** Whether a switch is on, which a key without a value means as well. */
    boolean isOn(String key, boolean otherwise) {
        return get(key).map(value -> value.isEmpty() || value.equalsIgnoreCase("true"))
                .orElse(otherwise);
    }

    private void readYaml(String text, String file) {
        try {
            flatten("", YamlReader.read(text, file));
        } catch (ComposeFileException e) {
            readable = false;
        }
    }

    private void flatten(String path, Node node) {
        if (node.value() instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Node below) {
                    flatten((path.isEmpty() ? "" : path + ".") + lower(String.valueOf(key)), below);
                }
            });
        } else if (!path.isEmpty()) {
            values.put(path, node.value() == null ? "" : String.valueOf(node.value()));
        }
    }

    private void readArgument(String argument) {
        if (argument.startsWith("--")) {
            var equals = argument.indexOf('=');
            values.put(
                    lower(argument.substring(2, equals < 0 ? argument.length() : equals)),
                    equals < 0 ? "" : argument.substring(equals + 1));
        }
    }

    private void readVariable(String variable) {
        var equals = variable.indexOf('=');
        if (variable.startsWith("TRAEFIK_") && equals > 0) {
            values.put(
                    lower(variable.substring("TRAEFIK_".length(), equals)).replace('_', '.'),
                    variable.substring(equals + 1));
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
