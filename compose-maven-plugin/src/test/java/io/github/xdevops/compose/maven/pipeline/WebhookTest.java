package io.github.xdevops.compose.maven.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.server.PostDeployCommand;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver of a webhook gets, and that a deploy does not depend on it. */
class WebhookTest {
    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    private final List<String> warnings = new ArrayList<>();
    private int status = 200;
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Webhook webhook() {
        var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/T0/secret-part";
        return Objects.requireNonNull(Webhook.of(url, warnings::add));
    }

    @Test
    void itGetsASentenceForPeopleAndTheRestForPrograms() {
        webhook().send("a<b> & c is deployed: http://x.test", Map.of("project", "shop-x"));
        assertThat(received.poll()).isEqualTo("POST /T0/secret-part application/json");
        assertThat(Json.parse(String.valueOf(received.poll())))
                .isEqualTo(Map.of(
                        "text",
                        "a&lt;b&gt; &amp; c is deployed: http://x.test",
                        "compose",
                        Map.of("project", "shop-x")));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFailedWebhookIsReportedWithoutItsUrl() {
        status = 403;
        webhook().send("x", Map.of());
        server.stop(0);
        webhook().send("x", Map.of());
        assertThat(warnings)
                .hasSize(2)
                .allMatch(warning -> warning.startsWith("The webhook failed: "))
                .noneMatch(warning -> warning.contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hooks.slack.com/services/secret", "ftp://x.test/secret", "http:///secret", "https://a b/secret"
            })
    void whatIsNoUrlIsRefusedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> Webhook.of(text, warnings::add))
                .hasMessageContaining("COMPOSE_WEBHOOK")
                .hasMessageNotContaining("secret");
    }

    @Test
    void thereMayBeNone() {
        assertThat(Webhook.of(null, warnings::add)).isNull();
        assertThat(Webhook.of(" ", warnings::add)).isNull();
    }

    @Test
    void aPostDeployCommandIsALineWithItsService() {
        assertThat(PostDeployCommand.parse("web: ./manage migrate, all: of it\n\n worker:  true \n"))
                .containsExactly(
                        new PostDeployCommand("web", "./manage migrate, all: of it"),
                        new PostDeployCommand("worker", "true"));
        assertThat(PostDeployCommand.parse(null)).isEmpty();
        assertThatThrownBy(() -> PostDeployCommand.parse("echo token=secret"))
                .hasMessageContaining("`service: command`")
                .hasMessageNotContaining("secret");
    }
}
