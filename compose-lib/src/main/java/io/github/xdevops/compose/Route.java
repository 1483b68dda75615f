package io.github.xdevops.compose;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A public route to a service: requests for {@code prefix-SLUG.domain/path} reach this port of this service.
 *
 * @param service the service's name in the compose file
 * @param port the port inside of the container, 1 to 65535
 * @param prefix the part before the slug in the host name, or empty for the environment's own host name; lowercase letters,
 *     digits and dashes, at most 20
 * @param path the beginning of the path, or {@code /} for all paths
 * @param scheme the protocol of the service
 * @param stripped whether the path is removed from requests
 * @param sticky whether a cookie leads a browser to the same container each time
 */
public record Route(
        String service, int port, String prefix, String path, Scheme scheme, boolean stripped, boolean sticky) {
    private static final Pattern SERVICE = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
    private static final Pattern PREFIX = Pattern.compile("([a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?)?");
    private static final Pattern PATH = Pattern.compile("/[a-zA-Z0-9._~/-]{0,200}");
    private static final Pattern TEXT = Pattern.compile(
            "(?:([^=:/;]*)=)?(?:([a-z0-9]+)://)?([^=:/;]+):([0-9]{1,5})(/[^;]*)?((?:;(?:strip|sticky))*)");

    /** The protocol between Traefik and a service. Clients always use HTTP or HTTPS. */
    public enum Scheme {
        HTTP,
        HTTPS,
        /** HTTP/2 without TLS, for example for gRPC services. */
        H2C;

        /** The name in a route: {@code http}, {@code https} or {@code h2c}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Parses the name of a scheme.
         *
         * @throws ComposeException if it is none of the three
         */
        public static Scheme parse(String word) {
            return Arrays.stream(values())
                    .filter(scheme -> scheme.word().equals(word))
                    .findFirst()
                    .orElseThrow(
                            () -> ComposeException.usage("Route: scheme `" + word + "` is not http, https or h2c"));
        }
    }

    /** @throws ComposeException if a component is out of range */
    public Route {
        require(SERVICE.matcher(service).matches(), "service `" + service + "` is not a service's name");
        require(port >= 1 && port <= 65_535, "port " + port + " is not 1 to 65535");
        require(PREFIX.matcher(prefix).matches(), "prefix `" + prefix + "` must be 1 to 20 of a-z, 0-9 and -");
        require(PATH.matcher(path).matches(), "path `" + path + "` does not begin with / or has unusual characters");
        require(!stripped || !path.equals("/"), "strip needs a path, such as " + service + ":" + port + "/api;strip");
    }

    /** A route to an HTTP service that receives the whole path. */
    public Route(String service, int port, String prefix, String path) {
        this(service, port, prefix, path, Scheme.HTTP, false, false);
    }

    /** A route from the environment's own host name to a service. */
    public static Route to(String service, int port) {
        return new Route(service, port, "", "/");
    }

    /**
     * Parses {@code service:port}. Optional parts are a path ({@code service:port/path}), a prefix ({@code prefix=service:port}),
     * a scheme ({@code h2c://service:port}), and {@code ;strip} or {@code ;sticky} at the end.
     *
     * @throws ComposeException if the text is none of them
     */
    public static Route parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw ComposeException.usage("The route `" + text
                    + "` is not understood; write service:port, service:port/path or prefix=service:port, with https:// or"
                    + " h2c:// before the service and ;strip or ;sticky at the end where you need them");
        }
        var prefix = parts.group(1);
        var scheme = parts.group(2);
        var path = parts.group(5);
        var words = parts.group(6);
        return new Route(
                parts.group(3),
                Integer.parseInt(parts.group(4)),
                prefix == null ? "" : prefix,
                path == null ? "/" : path,
                scheme == null ? Scheme.HTTP : Scheme.parse(scheme),
                words.contains(";strip"),
                words.contains(";sticky"));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw ComposeException.usage("Route: " + message);
        }
    }
}
