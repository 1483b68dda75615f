package io.github.xdevops.compose;

import java.util.regex.Pattern;

/**
 * A way from the outside to a service: requests for {@code prefix-SLUG.domain/path} reach this port of this service.
 *
 * @param service the service's name in the compose file
 * @param port the port inside of the container, 1 to 65535
 * @param prefix what stands before the slug in the host name, or empty for the environment's own host name; lowercase
 *     letters, digits and dashes, at most 20
 * @param path the beginning of the path, or {@code /} for all paths; it is not stripped
 */
public record Route(String service, int port, String prefix, String path) {
    private static final Pattern SERVICE = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Pattern PREFIX = Pattern.compile("([a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?)?");
    private static final Pattern PATH = Pattern.compile("/[a-zA-Z0-9._~/-]{0,200}");

    /** @throws ComposeException if a component is out of range */
    public Route {
        require(SERVICE.matcher(service).matches(), "service `" + service + "` is not a service's name");
        require(port >= 1 && port <= 65_535, "port " + port + " is not 1 to 65535");
        require(PREFIX.matcher(prefix).matches(), "prefix `" + prefix + "` is not made of 1 to 20 of a-z, 0-9 and -");
        require(PATH.matcher(path).matches(), "path `" + path + "` does not begin with / or has unusual characters");
    }

    /** The route that leads from the environment's own host name to a service. */
    public static Route to(String service, int port) {
        return new Route(service, port, "", "/");
    }

    /**
     * Reads {@code service:port}, {@code service:port/path} or {@code prefix=service:port/path}.
     *
     * @throws ComposeException if the text is none of them
     */
    public static Route parse(String text) {
        var parts =
                Pattern.compile("(?:([^=:/]*)=)?([^=:/]+):([0-9]{1,5})(/.*)?").matcher(text);
        if (!parts.matches()) {
            throw ComposeException.usage("The route `" + text
                    + "` is not understood; write service:port, service:port/path" + " or prefix=service:port");
        }
        var prefix = parts.group(1);
        var path = parts.group(4);
        return new Route(
                parts.group(2),
                Integer.parseInt(parts.group(3)),
                prefix == null ? "" : prefix,
                path == null ? "/" : path);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw ComposeException.usage("Route: " + message);
        }
    }
}
