package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.render.Www;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sites as visitors see them: a Traefik with HTTP and HTTPS, and a client that follows nothing by itself. */
class SitesIT {
    private static final String COMPOSE = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["sh", "-c", "mkdir -p /w/a && echo a page > /w/a/index.html && cp /w/a/index.html /w && exec httpd -f -p 80 -h /w"]
                healthcheck: {test: ["CMD", "true"], interval: 1s}
                expose: ["80"]
            """;

    @RegisterExtension
    final Deployments here = Deployments.recordedIn("state-sites");

    @TempDir
    Path directory;

    private final List<String> seen = new ArrayList<>();
    private OwnTraefik traefik;

    @BeforeEach
    void requireServer() {
        here.server();
    }

    @Test
    void eachNameAndSchemeEndsAtOneUrlAndOnlyThereAPasswordIsAskedFor() throws IOException {
        try (var own = new OwnTraefik(here.server(), directory, "100ms")) {
            traefik = own;
            var https = ":" + own.securePort();
            var http = ":" + own.port();

            site(builder -> builder.www(Www.ADD).overlays(List.of("basicauth")).basicAuth("ann:secret"));
            expect("http://sites.test" + http + "/a/?b=c", "301 https://www.sites.test" + https + "/a/?b=c");
            expect("http://www.sites.test" + http + "/a/", "301 https://www.sites.test" + https + "/a/");
            expect("https://sites.test" + https + "/a/?b=c", "301 https://www.sites.test" + https + "/a/?b=c");
            expect("https://sites.test" + https, "301 https://www.sites.test" + https + "/");
            expect("https://www.sites.test" + https + "/a/", "401 ");
            assertThat(curl("-u", "ann:secret", "https://www.sites.test" + https + "/a/"))
                    .startsWith("200 ");

            // The other way, without an interruption that anybody could see.
            site(builder -> builder.www(Www.REMOVE));
            expect("http://www.sites.test" + http + "/a/", "301 https://sites.test" + https + "/a/");
            expect("https://WWW.Sites.test" + https + "/a/", "301 https://sites.test" + https + "/a/");
            expect("http://sites.test" + http + "/a/", "301 https://sites.test" + https + "/a/");
            expect("https://sites.test" + https + "/a/", "200 ");

            var review = here.render(here.compose("feature/tls", COMPOSE).domain("https://review.test" + https));
            here.deploy(review);
            var host = review.endpoints().get(0).address().host();
            expect("http://" + host + http + "/a/", "302 https://" + host + https + "/a/");
            expect("https://" + host + https + "/a/", "200 ");
        }
        Proof.claim("sites: " + seen.size()
                + " requests by name and scheme, with and without www, each ends where it should");
    }

    private void site(UnaryOperator<StackBuilder> more) {
        var builder = here.compose(Environment.of("acme/sites", "staging"), COMPOSE)
                .project("sites-it")
                .url("https://sites.test:" + traefik.securePort())
                .lifetime(Lifetime.FOREVER);
        here.deploy(here.render(more.apply(builder)));
    }

    /** Waits until Traefik has taken the change. */
    private void expect(String url, String answer) throws IOException {
        var end = System.nanoTime() + 60_000_000_000L;
        var last = curl(url);
        while (!last.equals(answer) && System.nanoTime() < end) {
            TestServer.pause(100);
            last = curl(url);
        }
        assertThat(last).as(url).isEqualTo(answer);
        seen.add(url);
    }

    /** The status, and where it redirects to. */
    private String curl(String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of("curl", "-sk", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}"));
        command.addAll(List.of("--connect-to", "::127.0.0.1:"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
