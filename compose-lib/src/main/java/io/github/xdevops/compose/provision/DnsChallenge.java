package io.github.xdevops.compose.provision;

import io.github.xdevops.compose.ComposeException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The access to a DNS provider. Wildcard certificates need it, because a server proves by DNS that it owns a whole domain.
 *
 * @param provider the name that Traefik has for it, such as {@code cloudflare}; {@code none} ends it
 * @param variables what Traefik asks for that provider, by name, secrets among them; empty for those that the server has
 */
public record DnsChallenge(String provider, Map<String, String> variables) {
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern LINE = Pattern.compile("([A-Z][A-Z0-9_]{0,99})=([ -~]{0,4000})");

    /** @throws ComposeException {@code USAGE} if the name of the provider is not acceptable */
    public DnsChallenge {
        if (!PROVIDER.matcher(provider).matches()) {
            throw ComposeException.usage("compose.acme.dns = `" + provider
                    + "` is not the name of a DNS provider in Traefik's documentation, such as cloudflare");
        }
        variables = Map.copyOf(variables);
    }

    /**
     * Reads the variables.
     *
     * @param text lines {@code NAME=value}; empty ones and those that begin with {@code #} do not count
     * @throws ComposeException {@code USAGE} if another line is among them; it is named by its number, because it may be a secret
     */
    public static DnsChallenge parse(String provider, String text) {
        var variables = new TreeMap<String, String>();
        var number = 0;
        for (var line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw ComposeException.usage(
                        "Line " + number
                                + " of standard input is not NAME=value, with capital letters in the name and no quotes around the value");
            }
            variables.put(matcher.group(1), matcher.group(2));
        }
        return new DnsChallenge(provider, variables);
    }

    /** The variables as lines, in the order of their names. */
    String lines() {
        var lines = new StringBuilder();
        new TreeMap<>(variables)
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return lines.toString();
    }

    /** Without the values. */
    @Override
    public String toString() {
        return provider + " " + variables.keySet();
    }
}
