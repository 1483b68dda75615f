package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.provision.DnsChallenge;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates on a provisioned server. On it run Pebble, an ACME server, where the name of Let's Encrypt leads to, and BIND, the DNS
 * provider of the domains; Traefik's configuration is as everywhere.
 */
@Tag("provision")
@Tag("exhaustive")
class AcmeIT {
    private static final String PREPARE = """
            set -e
            apt-get -qq update
            DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends bind9 haproxy openssl iptables curl >/dev/null
            forwarders=$(sed -n "s/^nameserver \\\\([0-9.]*\\\\)$/\\\\1;/p" /etc/resolv.conf)
            cat >/etc/bind/named.conf <<END
            options {
              directory "/var/cache/bind"; listen-on { 127.0.0.1; }; listen-on-v6 { none; };
              recursion yes; dnssec-validation no; forwarders { $forwarders };
            };
            key acme { algorithm hmac-sha256; secret "$1"; };
            zone "bare.test" { type master; file "/var/cache/bind/bare.test"; update-policy { grant acme zonesub TXT; }; };
            zone "other.test" { type master; file "/var/cache/bind/other.test"; };
            END
            for zone in bare other; do
              printf "%s\\\\n" "\\$TTL 1" "@ IN SOA ns root 1 60 60 60 1" "@ IN NS ns" "ns IN A 127.0.0.1" "@ IN A $2" "* IN A $2" >/var/cache/bind/$zone.test
            done
            chown bind /var/cache/bind/*.test
            systemctl restart named
            echo nameserver 127.0.0.1 >/etc/resolv.conf

            cd /root
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=test" 2>/dev/null
            openssl req -newkey rsa:2048 -nodes -keyout acme.key -out acme.csr -subj "/CN=acme" 2>/dev/null
            echo "subjectAltName=DNS:acme-v02.api.letsencrypt.org" >names
            openssl x509 -req -in acme.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out acme.pem 2>/dev/null
            cat acme.pem acme.key >both.pem
            install -D -m 644 ca.pem /var/lib/xdevops/acme/ca.pem
            chmod 700 /var/lib/xdevops/acme
            cat >pebble.json <<END
            {"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
             "certificate": "/root/acme.pem", "privateKey": "/root/acme.key", "httpPort": 80, "tlsPort": 443}}
            END
            cat >front.cfg <<END
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
            frontend acme
              bind 127.0.0.1:14443 ssl crt /root/both.pem
              http-request set-path /dir if { path /directory }
              default_backend pebble
            backend pebble
              server pebble 127.0.0.1:14000 ssl verify none
            END
            systemd-run --quiet --unit=pebble -E PEBBLE_VA_NOSLEEP=1 /usr/local/bin/pebble -config /root/pebble.json -dnsserver 127.0.0.1:53
            systemd-run --quiet --unit=front /usr/sbin/haproxy -db -f /root/front.cfg
            ip address add 192.0.2.1/32 dev lo
            echo 192.0.2.1 acme-v02.api.letsencrypt.org >>/etc/hosts
            iptables -t nat -A OUTPUT -d 192.0.2.1 -p tcp --dport 443 -j REDIRECT --to-ports 14443
            timeout 20 sh -c "until curl -fs --cacert ca.pem https://acme-v02.api.letsencrypt.org/directory; do sleep 0.2; done"
            """;

    @TempDir
    Path directory;

    @Test
    void branchesShareAWildcardCertificateAndOtherDomainsGetTheirOwn() throws Exception {
        var pebble = pebble();
        try (var server = new BareServer("acme")) {
            BareImages.provideTraefik(server);
            try (var host = server.connect("root")) {
                host.run(
                        Command.script("cat >/usr/local/bin/pebble && chmod 755 /usr/local/bin/pebble", List.of()),
                        out -> Files.copy(pebble, out),
                        line -> {});
            }
            var secret = secret();
            assertThat(server.run(PREPARE, secret, server.ip())).contains("https://acme-v02.api.letsencrypt.org/");

            var maven = new Maven(directory, TestServer.required());
            var provisioned = maven.run(
                    "provision",
                    to(
                            server,
                            "root",
                            "-Dcompose.role=ci",
                            "-Dcompose.domain=bare.test",
                            "-Dcompose.email=ops@example.com",
                            "-Dcompose.acme.dns=rfc2136"),
                    Map.of(),
                    """
                    # the access to BIND
                    RFC2136_NAMESERVER=127.0.0.1:53
                    RFC2136_TSIG_ALGORITHM=hmac-sha256.
                    RFC2136_TSIG_KEY=acme.
                    RFC2136_TSIG_SECRET=%s
                    LEGO_CA_CERTIFICATES=/acme/ca.pem
                    """.formatted(secret));
            assertThat(provisioned.exit()).as(provisioned.out()).isZero();
            assertThat(provisioned.out()).doesNotContain(secret);
            assertThat(server.run("stat -c %a /etc/xdevops/traefik/dns.json")).isEqualTo("600\n");
            assertThat(server.run("grep -rlF -e \"$1\" /etc/xdevops /home /var/log /var/lib/xdevops || :", secret))
                    .isEqualTo("/etc/xdevops/traefik/dns.json\n");
            assertThat(provision(server, ProvisionOptions.REMEMBERED)).isZero();

            Files.writeString(directory.resolve("compose.yaml"), """
                    services:
                      web:
                        image: compose-it/httpd:1
                        ports: ["80"]
                    """);
            var began = System.nanoTime();
            deploy(
                    maven,
                    server,
                    "-Dcompose.branch=one",
                    "-Dcompose.project=one",
                    "-Dcompose.sleep=5m",
                    "-Dcompose.domain=https://bare.test");
            assertThat(get(server, "one.bare.test")).contains("compose-it/httpd");
            assertThat(names(server, "one.bare.test")).contains("DNS:*.bare.test", "DNS:bare.test");
            assertThat(server.run(
                            "curl -s -o /dev/null -w \"%{http_code} %{redirect_url}\" --resolve one.bare.test:80:127.0.0.1"
                                    + " http://one.bare.test/x"))
                    .matches("30[1278] https://one.bare.test/x");
            SleepIT.putToSleep(server, "one", 300);
            assertThat(server.run("ls $1/one/asleep", SleepIT.STATE)).isNotEmpty();
            assertThat(get(server, "one.bare.test")).contains("compose-it/httpd");
            var seconds = (System.nanoTime() - began) / 1_000_000_000;

            deploy(
                    maven,
                    server,
                    "-Dcompose.environment=shop",
                    "-Dcompose.project=shop",
                    "-Dcompose.lifetime=forever",
                    "-Dcompose.domain=https://other.test",
                    "-Dcompose.certResolver=letsencrypt");
            assertThat(get(server, "shop.other.test")).contains("compose-it/httpd");
            assertThat(names(server, "shop.other.test"))
                    .contains("DNS:shop.other.test")
                    .doesNotContain("*");

            // Another role keeps the certificate; `none` ends it.
            assertThat(provision(
                            server,
                            ProvisionOptions.builder().role(Role.PRODUCTION).build()))
                    .isPositive();
            assertThat(server.run("cat /etc/xdevops/traefik/traefik.yml")).contains("provider: \"rfc2136\"");
            assertThat(get(server, "one.bare.test")).contains("compose-it/httpd");
            assertThat(provision(
                            server,
                            ProvisionOptions.builder()
                                    .dns(new DnsChallenge("none", Map.of()))
                                    .build()))
                    .isPositive();
            assertThat(
                            server.run(
                                    "ls /etc/xdevops/traefik /etc/xdevops/traefik/dynamic; cat /etc/xdevops/traefik/traefik.yml"))
                    .doesNotContain("dns.json", "xdevops-certificate.yml", "wildcard");
            assertThat(provision(server, ProvisionOptions.REMEMBERED)).isZero();
            Proof.claim("certificates: a wildcard one by DNS (BIND) and one by TLS from a real ACME server (Pebble), "
                    + seconds + " s from deploy to an answer over HTTPS");
        }
    }

    private static Path pebble() throws IOException {
        var build = new ProcessBuilder(Path.of("pebble").toAbsolutePath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var path = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assumeTrue(!path.isEmpty(), "it/pebble could not build the ACME server");
        return Path.of(path);
    }

    private static String secret() {
        var bytes = new byte[24];
        new Random().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static List<String> to(BareServer server, String login, String... options) {
        var all = new ArrayList<>(List.of(
                "-Dcompose.host=" + login + "@" + server.ip(),
                "-Dcompose.privateKey=" + server.key(),
                "-Dcompose.knownHosts=" + server.knownHosts()));
        all.addAll(List.of(options));
        return all;
    }

    private static void deploy(Maven maven, BareServer server, String... options) {
        var all = to(server, "deploy", options);
        all.addAll(List.of("-Dcompose.images=transfer", "-Dcompose.urlCheck=none"));
        var deployed = maven.run("deploy", all, Map.of());
        assertThat(deployed.exit()).as(deployed.out()).isZero();
    }

    private static long provision(BareServer server, ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root"))
                    .run(options, step -> {})
                    .changed();
        }
    }

    /** As a browser that trusts nobody but Pebble; certificates take a moment. */
    private static String get(BareServer server, String name) {
        return server.run(
                "curl -sk https://127.0.0.1:15000/roots/0 >/root/root.pem; timeout 60 sh -c \"until curl -fsL --cacert /root/root.pem"
                        + " --resolve $1:443:127.0.0.1 https://$1/; do sleep 0.3; done\" || docker logs xdevops-traefik 2>&1 | tail -n 20",
                name);
    }

    private static String names(BareServer server, String name) {
        return server.run(
                "openssl s_client -connect 127.0.0.1:443 -servername $1 </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName",
                name);
    }
}
