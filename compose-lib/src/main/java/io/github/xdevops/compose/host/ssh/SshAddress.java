package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.text.Printable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of an SSH server and its login user.
 *
 * @param user the login user, or null for the user of this process
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record SshAddress(@Nullable String user, String host, int port) {
    private static final int SSH = 22;
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{N}._-]*[\\p{L}\\p{N}_.])?");
    private static final Pattern DAEMON = Pattern.compile("(tcp|unix|npipe|fd)://", Pattern.CASE_INSENSITIVE);
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?");

    /** Validates every part. */
    public SshAddress {
        if (user != null && user.indexOf(':') >= 0) { // not a byte of it: what follows is a password
            throw new IllegalArgumentException("an SSH address has no password; write [user@]host[:port]");
        }
        if (user != null && (user.isEmpty() || user.chars().anyMatch(c -> c <= ' ' || c == 127 || c == '/'))) {
            throw bad(user + "@" + host);
        }
        if (!NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            throw bad(host);
        }
        if (port < 1 || port > 65_535) {
            throw bad(host + ":" + port);
        }
    }

    /**
     * Parses {@code [user@]host[:port]}, also with {@code ssh://} before it. An IPv6 address with a port needs brackets. The last
     * {@code @} ends the user.
     *
     * @throws IllegalArgumentException with a message that names the accepted form
     */
    public static SshAddress parse(String text) {
        if (DAEMON.matcher(text).lookingAt()) {
            throw new IllegalArgumentException("\"" + Printable.line(text, 100)
                    + "\" is the address of a Docker daemon, and a server is reached by SSH: write [user@]host[:port], or"
                    + " `local` for the Docker of this machine");
        }
        if (text.regionMatches(true, 0, "ssh://", 0, "ssh://".length())) {
            String rest = text.substring("ssh://".length());
            return parse(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
        }
        int at = text.lastIndexOf('@');
        String user = at < 0 ? null : text.substring(0, at);
        String rest = text.substring(at + 1);
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            String tail = end < 0 ? "?" : rest.substring(end + 1);
            if (!tail.isEmpty() && !tail.startsWith(":")) {
                throw bad(text);
            }
            return new SshAddress(user, rest.substring(1, end), tail.isEmpty() ? SSH : port(tail.substring(1), text));
        }
        int colon = rest.indexOf(':');
        if (colon < 0 || colon != rest.lastIndexOf(':')) {
            return new SshAddress(user, rest, SSH);
        }
        return new SshAddress(user, rest.substring(0, colon), port(rest.substring(colon + 1), text));
    }

    /** The login user: the given one, or the user of this process. */
    String login() {
        return user != null ? user : System.getProperty("user.name");
    }

    /** {@code host} or {@code host:port}, with brackets where they are needed. */
    String server() {
        String name = host.indexOf(':') >= 0 && port != SSH ? "[" + host + "]" : host;
        return port == SSH ? name : name + ":" + port;
    }

    /** The name in known_hosts files. */
    public String knownAs() {
        return port == SSH ? host : "[" + host + "]:" + port;
    }

    /** The address in the form of {@link #parse}. */
    @Override
    public String toString() {
        return user == null ? server() : user + "@" + server();
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw bad(text);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("\"" + Printable.line(text, 100)
                + "\" is not an SSH address; write [user@]host[:port], for example deploy@ci.example.com or"
                + " deploy@[2001:db8::1]:2222");
    }
}
