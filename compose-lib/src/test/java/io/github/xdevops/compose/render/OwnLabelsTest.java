package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels for Traefik that a compose file brings itself, in stacks that live for ever on one server. */
class OwnLabelsTest {
    private static final String COMPOSE = """
            services:
              web:
                image: web:1
                x-route: 80
                labels:
                  traefik.enable: "true"
                  traefik.http.routers.app.rule: Host(`www.example.com`)
                  traefik.http.routers.app.middlewares: auth, limits@docker,shared@file
                  traefik.http.routers.app.tls.certresolver: lets
                  traefik.http.services.app.loadbalancer.server.port: "80"
                  traefik.http.middlewares.auth.basicauth.users: "ann:$$2y$$10$$abc"
                  Traefik.HTTP.Middlewares.unused.stripprefix.prefixes: /x
                  traefik.tcp.routers.raw.rule: HostSNI(`*`)
                  other: kept
              api:
                image: api:1
                labels:
                  traefik.http.middlewares.limits.chain.middlewares: slow,auth
                  traefik.http.middlewares.slow.ratelimit.average: "5"
                  traefik.http.routers.api.rule: Host(`api.example.com`)
                  traefik.http.routers.api.service: api
                  traefik.http.routers.api.middlewares: limits,shared@file
                  traefik.http.services.api.loadbalancer.server.port: "81"
            """;

    @TempDir
    Path directory;

    @Test
    void aServiceWithAUrlHasOneSetOfRoutersWithItsOwnMiddlewares() throws IOException {
        var web = web(stack("shop", "forever").text());
        assertThat(web)
                .contains("\"traefik.http.routers.shop__0g0.middlewares\": "
                        + "\"shop__0g0__deployment,shop__0g0__own-auth,shop__0g0__own-limits,shared@file\"")
                .contains("\"traefik.http.middlewares.shop__0g0__own-auth.basicauth.users\": \"ann:$$2y$$10$$abc\"")
                .contains("\"traefik.http.middlewares.shop__0g0__own-limits.chain.middlewares\": "
                        + "\"shop__0g0__own-slow,shop__0g0__own-auth\"")
                .contains("\"traefik.http.middlewares.shop__0g0__own-slow.ratelimit.average\": \"5\"")
                .contains("\"traefik.tcp.routers.shop__raw.rule\"", "other: \"kept\"")
                .doesNotContain(".app.", "routers.raw", "middlewares.auth.", "unused");
        assertThat(web.lines().filter(line -> line.contains("traefik.http.routers.") && line.contains(".rule")))
                .hasSize(1);
    }

    @Test
    void namesOfOtherServicesGetTheProjectsInFront() throws IOException {
        var text = stack("shop", "forever").text();
        assertThat(text.substring(text.indexOf("  api:")))
                .contains("\"traefik.http.routers.shop__api.service\": \"shop__api\"")
                .contains("\"traefik.http.routers.shop__api.middlewares\": \"shop__limits,shared@file\"")
                .contains("\"traefik.http.middlewares.shop__limits.chain.middlewares\": \"shop__slow,shop__auth\"")
                .contains("\"traefik.http.middlewares.shop__auth.basicauth.users\": \"ann:$$2y$$10$$abc\"")
                .doesNotContain("routers.api.", "services.api.");
    }

    @Test
    void droppedLabelsAreReported() throws IOException {
        assertThat(stack("shop", "forever").warnings())
                .anyMatch(line -> line.contains("services.web.labels.traefik.http.routers.app.rule is left out"))
                .anyMatch(line -> line.contains("set -Dcompose.certResolver=lets instead"));
    }

    /** Two stacks on one server. */
    @Test
    void noNameOfOneIsANameOfAnother() throws IOException {
        assertThat(names(stack("shop", "forever").text()))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(names(stack("blog", "forever").text()));
    }

    @Test
    void aReviewHasNoneOfThem() throws IOException {
        assertThat(stack("shop", "7d").text()).doesNotContain("own-auth", "routers.app", "shop__api");
    }

    private static List<String> names(String text) {
        return Pattern.compile("\"traefik\\.(?:http|tcp)\\.(\\w+\\.[^.\"]+)\\.")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    private static String web(String text) {
        return text.substring(text.indexOf("  web:"), text.indexOf("  api:"));
    }

    private Stack stack(String project, String lifetime) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
        return Stack.in(directory)
                .environment(Environment.of("acme/" + project, "main"))
                .project(project)
                .url("http://" + project + ".example.com")
                .lifetime(Lifetime.parse(lifetime))
                .render();
    }
}
