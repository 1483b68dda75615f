package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.provision.ProvisionOptions;
import io.github.xdevops.compose.provision.Provisioned;
import io.github.xdevops.compose.provision.Provisioning;
import io.github.xdevops.compose.provision.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pages of a provisioned server under load and after a power cut; {@link ProvisionIT} shows what is on them. */
@Tag("provision")
@Tag("exhaustive")
class PagesIT {
    private static BareServer server;

    @BeforeAll
    static void provision() throws Exception {
        server = new BareServer("pages");
        BareImages.provideTraefik(server);
        provision(KilledProvision.FIRST);
    }

    @AfterAll
    static void remove() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aFloodOfRequestsIsCutOffAndPagesGoOn() throws Exception {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 1000; i++) {
            answers.add(client.sendAsync(request("never.test"), HttpResponse.BodyHandlers.ofString()));
        }
        var counts = new TreeMap<Integer, Integer>();
        for (var answer : answers) {
            counts.merge(answer.join().statusCode(), 1, Integer::sum);
        }
        assertThat(counts.get(404)).as(counts.toString()).isBetween(50, 500);
        assertThat(counts.get(429)).as(counts.toString()).isGreaterThan(500);
        assertThat(counts.keySet()).isSubsetOf(404, 429, 502); // 502: more than 64 at once
        TestServer.pause(1500);
        assertThat(get("bare.test").statusCode()).isEqualTo(200);
        assertThat(
                        server.run(
                                "systemctl is-active xdevops-pages.socket; systemctl list-units --failed --no-legend \"xdevops-pages*\""))
                .isEqualTo("active\n");
        assertThat(server.run("journalctl -q --no-pager -u \"xdevops-pages@*\" | wc -l")
                        .strip())
                .isEqualTo("0");
    }

    @Test
    void twoHundredEnvironmentsAreListedInAMoment() throws Exception {
        var state = "/home/deploy/.yourlabs.compose";
        var manifest = """
                {
                "state": "live",
                "hosts": "NAME.bare.test",
                "about": {"branch":"feature/NAME","commit":"0123456789ab","author":"Ann","urls":["http://NAME.bare.test/"]}
                }
                """;
        var write = "for i in $(seq 200); do mkdir $1/many$i && echo 9999999999 >$1/many$i/removeat &&"
                + " printf %s \"$2\" | sed s/NAME/many$i/g >$1/many$i/manifest.json; done";
        var list = "runuser -u deploy -- sh $1/.host/pages.sh list $1";
        try {
            server.run(write, state, manifest);
            server.run("chown -R deploy $1/many*", state);
            var listed = server.run("a=$(date +%s%N); " + list + "; echo $((($(date +%s%N) - a) / 1000000))", state);
            assertThat(get("bare.test").body())
                    .contains("href=\"http://many1.bare.test", "href=\"http://many200.bare.test");
            var began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                get("bare.test");
            }
            var each = (System.nanoTime() - began) / 20_000_000;
            assertThat(Integer.parseInt(listed.strip())).isLessThan(2000);
            assertThat(each).isLessThan(500);
            Proof.claim("pages: 200 environments listed in " + listed.strip() + " ms, a page in " + each + " ms");
        } finally {
            server.run("rm -rf $1/many*; " + list, state);
        }
    }

    @Test
    void afterAPowerCutPagesAnswer() throws Exception {
        server.off();
        server.up();
        int code = 0;
        for (int tries = 0; code != 200 && tries < 300; tries++) {
            TestServer.pause(100);
            try {
                code = get("bare.test").statusCode();
            } catch (IOException e) {
                // Traefik does not run yet
            }
        }
        assertThat(code).isEqualTo(200);
    }

    @Test
    void aLargeBodyIsAnsweredLikeASmallOne() throws Exception {
        var body = HttpRequest.BodyPublishers.ofByteArray(new byte[8 << 20]);
        var request = HttpRequest.newBuilder(URI.create("http://" + server.ip() + "/upload"))
                .header("Host", "never.test")
                .POST(body)
                .build();
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aListBehindAPasswordIsForThoseWhoHaveItAlsoOnAProductionServer() throws Exception {
        try {
            provision(ProvisionOptions.builder().basicAuth("ann:open sesame").build());
            assertThat(status("bare.test", "http")).isEqualTo(401);
            assertThat(status("bare.test", "http", "-u", "ann:wrong")).isEqualTo(401);
            assertThat(status("bare.test", "http", "-u", "ann:open sesame")).isEqualTo(200);
            assertThat(status("never.test", "http")).isEqualTo(404);
            assertThat(provision(ProvisionOptions.REMEMBERED).changed()).isZero();

            provision(ProvisionOptions.builder()
                    .role(Role.PRODUCTION)
                    .email("ops@example.com")
                    .build());
            assertThat(status("bare.test", "https")).isEqualTo(401);
            assertThat(status("bare.test", "https", "-u", "ann:open sesame")).isEqualTo(200);
            assertThat(status("never.test", "https")).isEqualTo(404);
            server.run("rm /etc/xdevops/list.user");
            provision(ProvisionOptions.REMEMBERED);
            assertThat(status("bare.test", "https"))
                    .as("without a password it has none")
                    .isEqualTo(404);
        } finally {
            server.run("rm -f /etc/xdevops/list.user");
            provision(ProvisionOptions.builder().role(Role.CI).build());
        }
        assertThat(status("bare.test", "http")).isEqualTo(200);
    }

    /** Traefik's answer to a host, after it had a moment to read its files. */
    private static int status(String host, String scheme, String... more) {
        TestServer.pause(700);
        return server.status(scheme + "://" + host + "/", more);
    }

    private static Provisioned provision(ProvisionOptions options) {
        try (var host = server.connect("root")) {
            return Provisioning.on(host, () -> server.connect("root")).run(options, step -> {});
        }
    }

    private static HttpRequest request(String host) {
        return HttpRequest.newBuilder(URI.create("http://" + server.ip() + "/"))
                .header("Host", host)
                .build();
    }

    private static HttpResponse<String> get(String host) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request(host), HttpResponse.BodyHandlers.ofString());
    }
}
