package io.github.xdevops.compose.doctor;

import static java.util.stream.Collectors.joining;

import io.github.xdevops.compose.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether browsers reach the server from here: DNS, ports and certificate, and no port that should be closed. */
final class ReachChecks {
    private static final Duration SOON = Duration.ofDays(14);
    private static final int DNS_NAME = 2;
    private static final Pattern PUBLISHED = Pattern.compile("(?:0\\.0\\.0\\.0|::|\\[::\\]):([0-9]{1,5})->");

    private static final int AT_ONCE = 32;

    private final Internet internet;
    private final Instant now;
    private final String label;
    private final String provision;
    private final List<Finding> findings = new ArrayList<>();

    private ReachChecks(Internet internet, Instant now, String label, String provision) {
        this.internet = internet;
        this.now = now;
        this.label = label;
        this.provision = provision;
    }

    /**
     * @param label a label that no name below the domain has, so that only a wildcard answers
     * @param provision the command that sets Traefik and the firewall up
     */
    static List<Finding> ofDomain(
            DoctorOptions options, Internet internet, Instant now, String label, String provision) {
        var domain = options.domain();
        if (domain == null) {
            return List.of();
        }
        var checks = new ReachChecks(internet, now, label, provision);
        checks.domain(domain, addresses(options, internet));
        return checks.findings;
    }

    static List<Finding> ofPublished(Facts facts, DoctorOptions options, Internet internet) {
        var published = facts.all("published").stream().flatMap(Published::in).toList();
        var server = published.isEmpty() ? List.<InetAddress>of() : addresses(options, internet);
        if (server.isEmpty() || server.get(0).isLoopbackAddress()) {
            return List.of(); // every port is open from there
        }
        // A firewall answers nothing, so that each closed port takes all the patience.
        var threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, published.size()));
        try {
            return published.stream()
                    .map(one -> CompletableFuture.supplyAsync(
                            () -> internet.isOpen(server.get(0), one.port()) ? Stream.of(one) : Stream.<Published>of(),
                            threads))
                    .toList()
                    .stream()
                    .flatMap(CompletableFuture::join)
                    .map(Published::finding)
                    .toList();
        } finally {
            threads.shutdown();
        }
    }

    private static List<InetAddress> addresses(DoctorOptions options, Internet internet) {
        return options.server() == null ? List.of() : internet.resolve(options.server());
    }

    private void domain(Address domain, List<InetAddress> server) {
        var isLocal = domain.host().equals("localhost") || domain.host().endsWith(".localhost");
        var found = isLocal ? server : internet.resolve(label + "." + domain.host());
        if (!isLocal) {
            var target = server.isEmpty() ? "ADDRESS" : server.get(0).getHostAddress();
            var cure = "at the DNS provider: *." + domain.host() + ". A " + target;
            if (found.isEmpty()) {
                findings.add(Finding.problem("dns", "names below " + domain.host() + " have no address", cure));
                found = server;
            } else if (!server.isEmpty() && found.stream().noneMatch(server::contains)) {
                findings.add(Finding.problem(
                        "dns",
                        "names below " + domain.host() + " lead to "
                                + found.stream()
                                        .map(InetAddress::getHostAddress)
                                        .collect(joining(", "))
                                + ", not to the server",
                        cure));
                found = server;
            } else {
                findings.add(Finding.ok("dns", "*." + domain.host() + " leads to the server"));
            }
        }
        if (!found.isEmpty()) {
            ports(domain, found.get(0));
        }
    }

    private void ports(Address domain, InetAddress address) {
        var port = domain.port() != 0 ? domain.port() : domain.secure() ? 443 : 80;
        if (!internet.isOpen(address, port)) {
            findings.add(Finding.problem(
                    "port",
                    "port " + port + " of " + address.getHostAddress() + " cannot be reached from here",
                    provision + " # or let Traefik listen there, and the firewall let it through"));
            return;
        }
        findings.add(Finding.ok("port", "port " + port + " can be reached from here"));
        if (domain.secure()) {
            certificate(address, port, label + "." + domain.host());
        }
    }

    private void certificate(InetAddress address, int port, String name) {
        X509Certificate certificate;
        var cure = "check Traefik's certificate resolver, or its tls.certificates";
        try {
            certificate = internet.certificate(address, port, name);
        } catch (IOException e) {
            findings.add(Finding.problem("certificate", "no HTTPS at port " + port + ": " + e.getMessage(), cure));
            return;
        }
        var end = certificate.getNotAfter().toInstant();
        if (!covers(certificate, name)) {
            findings.add(Finding.problem(
                    "certificate", "the certificate is not for names such as " + name + "; browsers warn", cure));
        } else if (end.isBefore(now)) {
            findings.add(Finding.problem("certificate", "it ended at " + end, cure));
        } else if (end.isBefore(now.plus(SOON))) {
            findings.add(Finding.advice("certificate", "it ends at " + end, cure));
        } else {
            findings.add(Finding.ok("certificate", "valid until " + end));
        }
    }

    private static boolean covers(X509Certificate certificate, String name) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .filter(entry -> Objects.equals(entry.get(0), DNS_NAME))
                            .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
                            .anyMatch(one -> one.equals(name)
                                    || (one.startsWith("*.")
                                            && one.substring(1).equals(name.substring(name.indexOf('.')))));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private record Published(String container, int port) {
        /** @param line the container's name and its ports, as Docker prints them */
        static Stream<Published> in(String line) {
            return PUBLISHED
                    .matcher(line)
                    .results()
                    .map(match -> Integer.valueOf(match.group(1)))
                    .distinct()
                    .map(port -> new Published(line.split(" ", 2)[0], port));
        }

        Finding finding() {
            return Finding.advice(
                    "published",
                    "port " + port + " of the container " + container + " is open to the world",
                    "iptables -I DOCKER-USER -i \"$(ip route | sed -n \"s/^default.* dev \\([^ ]*\\).*/\\1/p\")\""
                            + " -m conntrack --ctstate NEW -j DROP");
        }
    }
}
