package io.github.xdevops.compose.file.schema;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One short port: {@code [[address:]published:]target[/protocol]}, where ports may be ranges. */
final class PortSpec {

    /** A larger range is a mistake or an attack on readers of the result. */
    private static final int MAX_RANGE = 1_000;

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    private final Node node;
    private final KeyPath path;

    private record Range(int first, int last) {
        int length() {
            return last - first;
        }
    }

    private PortSpec(Node node, KeyPath path) {
        this.node = node;
        this.path = path;
    }

    /** The long forms of a short form. */
    static List<Node> parse(Node node, KeyPath path) {
        return new PortSpec(node, path).parse(node.text());
    }

    private List<Node> parse(String spec) {
        int last = spec.lastIndexOf(':');
        String before = last < 0 ? "" : spec.substring(0, last);
        int middle = before.lastIndexOf(':');
        String published = before.substring(middle + 1);
        String address = middle < 0 ? "" : address(before.substring(0, middle));
        String[] target = spec.substring(last + 1).split("/", -1);
        String protocol = target.length < 2 || target[1].isEmpty() ? "tcp" : target[1].toLowerCase(Locale.ROOT);
        if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
            throw wrong("the protocol must be tcp, udp or sctp");
        }
        Range inside = range(target[0]);
        if (published.isEmpty()) {
            return ports(inside, null, address, protocol);
        }
        Range outside = range(published);
        if (inside.length() != outside.length() && inside.length() > 0) {
            throw wrong("both ranges must be of the same length");
        }
        return ports(inside, outside, address, protocol);
    }

    private List<Node> ports(
            Range inside, @org.jspecify.annotations.Nullable Range outside, String address, String protocol) {
        List<Integer> targets = new ArrayList<>();
        for (int port = inside.first; port <= inside.last; port++) {
            targets.add(port);
        }
        // Compose sorts the ports of a range as words: 10 before 9.
        targets.sort(Comparator.comparing(String::valueOf));
        List<Node> ports = new ArrayList<>();
        for (int target : targets) {
            Map<String, Node> entries = new LinkedHashMap<>();
            entries.put("mode", node.scalar("ingress"));
            if (!address.isEmpty()) {
                entries.put("host_ip", node.scalar(address));
            }
            entries.put("target", node.scalar((long) target));
            if (outside != null) {
                boolean choice = inside.length() == 0 && outside.length() > 0;
                String published = choice
                        ? outside.first + "-" + outside.last
                        : String.valueOf(outside.first + target - inside.first);
                entries.put("published", node.scalar(published));
            }
            entries.put("protocol", node.scalar(protocol));
            ports.add(node.with(entries));
        }
        return ports;
    }

    private Range range(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw wrong("\"" + text + "\" is not a port");
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        if (first > 65535 || last > 65535 || last < first) {
            throw wrong("\"" + text + "\" is not a port from 0 to 65535");
        }
        if (last - first >= MAX_RANGE) {
            throw wrong("a range of more than " + MAX_RANGE + " ports");
        }
        return new Range(first, last);
    }

    private String address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String address = bracketed ? text.substring(1, text.length() - 1) : text;
        if (address.isEmpty() || Addresses.isV4(address) || Addresses.isV6(address)) {
            return address;
        }
        throw wrong("\"" + text + "\" is not an address");
    }

    private ComposeFileException wrong(String problem) {
        return ComposeFileException.at(node, path, "\"" + node.text() + "\" is not a port: " + problem);
    }
}
