package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.render.Routes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    @Test
    void readsServicePortPrefixAndPath() {
        assertThat(Route.parse("web:8080")).isEqualTo(new Route("web", 8080, "", "/"));
        assertThat(Route.parse("web:8080/api")).isEqualTo(new Route("web", 8080, "", "/api"));
        assertThat(Route.parse("mail=maildev:1080")).isEqualTo(new Route("maildev", 1080, "mail", "/"));
        assertThat(Route.parse("grpc=h2c://api:9000"))
                .isEqualTo(new Route("api", 9000, "grpc", "/", Route.Scheme.H2C, false, false));
        assertThat(Route.parse("https://web:8443/app;strip;sticky"))
                .isEqualTo(new Route("web", 8443, "", "/app", Route.Scheme.HTTPS, true, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "web:",
                ":80",
                "web:0",
                "web:65536",
                "web:80/a`b",
                "A_=web:80",
                "web:80/a b",
                "a=b=web:1",
                "ftp://web:1",
                "web:80;strip",
                "web:80/a;stripe"
            })
    void saysWhatItAcceptsOtherwise(String text) {
        assertThatThrownBy(() -> Route.parse(text)).isInstanceOf(ComposeException.class);
    }

    @Test
    void theOnlyServiceThatPublishesAPortIsTheObviousOne() {
        assertThat(Routes.of(services(Map.of("web", published(80), "db", exposed("5432"))), List.of(), List.of()))
                .containsExactly(Route.to("web", 80));
    }

    @Test
    void withoutPublishedPortsTheOnlyServiceThatExposesOneIsObvious() {
        assertThat(Routes.of(services(Map.of("web", exposed("8080/tcp"), "worker", Map.of())), List.of(), List.of()))
                .containsExactly(Route.to("web", 8080));
    }

    @Test
    void whereThereIsADoubtTheCandidatesAreListed() {
        for (var doubtful : List.of(
                Map.of("web", published(80), "db", published(5432)),
                Map.of("web", exposed("80"), "db", exposed("5432")))) {
            assertThatThrownBy(() -> Routes.of(services(doubtful), List.of(), List.of()))
                    .hasMessageContainingAll("Which service", "web:80", "db:5432");
        }
        assertThatThrownBy(() -> Routes.of(services(Map.of("worker", Map.of())), List.of(), List.of()))
                .hasMessageContainingAll("no service publishes", "compose.routes=none");
    }

    @Test
    @Tag("R29")
    void whatCannotBeHttpIsNoCandidate() {
        var dns = Map.of(
                "ports",
                List.of(Map.of("target", 8080), Map.of("target", 53, "protocol", "udp")),
                "expose",
                List.of("8125/udp"));
        assertThat(Routes.of(services(Map.of("dns", dns, "stats", exposed("8125/udp"))), List.of(), List.of()))
                .containsExactly(Route.to("dns", 8080));
    }

    @Test
    void aLabelForTraefikNamesThePort() {
        for (var label :
                List.of("traefik.port", "traefik.web.port", "Traefik.http.services.shop.loadbalancer.server.port")) {
            var web = Map.of("labels", Map.of(label, "8000", "traefik.enable", "true"));
            assertThat(Routes.of(services(Map.of("web", web, "db", published(5432))), List.of(), List.of()))
                    .containsExactly(Route.to("web", 8000));
        }
    }

    private static Map<String, Object> services(Map<String, ?> services) {
        return Map.of("services", services);
    }

    private static Map<String, Object> published(int port) {
        return Map.of("ports", List.of(Map.of("target", port)));
    }

    private static Map<String, Object> exposed(String port) {
        return Map.of("expose", List.of(port));
    }

    @Test
    void aServiceMayAskForItsRoute() {
        var services = Map.of(
                "web", Map.of("x-route", 8080),
                "api", Map.of("x-route", Map.of("port", "9000", "path", "/api")),
                "db", Map.of("expose", List.of("5432")));
        assertThat(Routes.of(Map.of("services", services), List.of(), List.of()))
                .containsExactlyInAnyOrder(Route.to("web", 8080), new Route("api", 9000, "", "/api"));
    }

    @Test
    void aRouteToAServiceThatIsNotThereNamesTheOthers() {
        var tree = Map.<String, Object>of("services", Map.of("web", Map.of()));
        assertThatThrownBy(() -> Routes.of(tree, List.of(Route.to("wbe", 80)), List.of()))
                .hasMessageContainingAll("wbe", "web");
    }
}
