package io.github.xdevops.compose;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The base URL of environments: scheme, host and port, without a path.
 *
 * @param secure whether it is HTTPS
 * @param host a DNS name in lowercase, at most 253 characters with labels of at most 63
 * @param port the port people use, or 0 for the scheme's own
 */
public record Address(boolean secure, String host, int port) {
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private static final Pattern IP = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

    /** @throws ComposeException if the host is not a DNS name or the port is out of range */
    public Address {
        if (!NAME.matcher(host).matches()) {
            throw ComposeException.usage(
                    "`" + host + "` is not a host name of lowercase letters, digits, dashes and dots");
        }
        if (port < 0 || port > 65_535) {
            throw ComposeException.usage("Port " + port + " is not 1 to 65535");
        }
    }

    /**
     * Parses {@code ci.example.com}, {@code localhost:8088} or {@code https://ci.example.com}. The default scheme is HTTP.
     * Capital letters become small ones.
     *
     * @throws ComposeException if it is anything else
     */
    public static Address parse(String text) {
        try {
            var uri = new URI(text.contains("://") ? text : "http://" + text);
            var secure = "https".equalsIgnoreCase(uri.getScheme());
            var host = uri.getHost();
            var path = uri.getRawPath();
            if (host != null
                    && (secure || "http".equalsIgnoreCase(uri.getScheme()))
                    && (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return new Address(secure, host.toLowerCase(Locale.ROOT), Math.max(uri.getPort(), 0));
            }
        } catch (URISyntaxException e) {
            // reported below
        }
        throw ComposeException.usage(
                "`" + text + "` is not understood; write a host name, host:port or http(s)://host, without a path");
    }

    /**
     * Returns the address of a subdomain of this host.
     *
     * @throws ComposeException if the host is an IP address
     */
    public Address below(String label) {
        requireDomain();
        return new Address(secure, label + "." + host, port);
    }

    /**
     * Returns this address with a prefix before the first label of the host name.
     *
     * @throws ComposeException if there is a prefix and the host is an IP address
     */
    public Address prefixed(String prefix) {
        if (prefix.isEmpty()) {
            return this;
        }
        requireDomain();
        return new Address(secure, prefix + "-" + host, port);
    }

    private void requireDomain() {
        if (IP.matcher(host).matches()) {
            throw ComposeException.usage(host + " is an IP address, below which there are no names. Set"
                    + " -Dcompose.domain=ci.example.com, a domain whose wildcard DNS record leads to the server");
        }
    }

    /** The URL, without a slash at its end. */
    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + host + (port == 0 ? "" : ":" + port);
    }
}
