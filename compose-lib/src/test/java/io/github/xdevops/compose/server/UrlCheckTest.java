package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a URL is answered by what was deployed; a server of the test's own stands for Traefik and all behind it. */
class UrlCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final UrlCheck BY_DEFAULT = UrlCheck.within(PATIENCE);
    private static final UrlCheck SHORT = new UrlCheck("/", null, Duration.ofSeconds(1), true);

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
    private final AtomicInteger times = new AtomicInteger();
    private HttpServer server;

    /** The answer to each try: a status, and the mark if there is any. */
    private IntFunction<Map.Entry<Integer, String>> answers = number -> Map.entry(200, "");

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Host") + " " + exchange.getRequestURI());
            ids.add(exchange.getRequestHeaders().getFirst("X-Request-Id"));
            var answer = answers.apply(times.incrementAndGet());
            if (!answer.getValue().isEmpty()) {
                exchange.getResponseHeaders().set("X-Compose-Deployment", answer.getValue());
            }
            if (answer.getKey() == 308) {
                exchange.getResponseHeaders().set("Location", "https://elsewhere.test/");
            }
            exchange.sendResponseHeaders(answer.getKey(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Stack stack(String... routes) throws IOException {
        return stackAt("localhost:" + server.getAddress().getPort(), "nginx:1", routes);
    }

    private Stack stackAt(String domain, String image, String... routes) throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: '" + image
                        + "', expose: [80], environment: {DB_PASSWORD: '${DB_PASSWORD}'}}}\n");
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .project("shop-x")
                .domain(domain)
                .variable("DB_PASSWORD", image.equals("nginx:1") ? "one-secret" : "other-secret")
                .routes(List.of(routes).stream().map(Route::parse).toList())
                .render();
    }

    private static String mark(Stack stack) {
        return stack.endpoints().get(0).mark();
    }

    @Test
    void itWaitsUntilTraefikKnowsTheRouterAndTheAnswerIsOurs() throws IOException {
        var stack = stack();
        answers = number -> switch (number) {
            case 1 -> Map.entry(404, "");
            case 2 -> Map.entry(200, "the-one-before");
            case 3 -> Map.entry(502, mark(stack));
            default -> Map.entry(302, mark(stack));
        };
        assertThat(BY_DEFAULT.await(stack)).isEmpty();
        assertThat(times).hasValue(4);
        assertThat(asked).allMatch(line -> line.startsWith("shop-x.localhost:"));
        assertThat(ids).doesNotHaveDuplicates().doesNotContainNull();
    }

    @Test
    void anyDeploymentOfTheEnvironmentMayAnswerAfterARollback() {
        answers = number -> switch (number) {
            case 1 -> Map.entry(404, "");
            case 2 -> Map.entry(502, "one-of-ours");
            default -> Map.entry(200, "one-of-ours");
        };
        var urls = List.of("http://shop.localhost:" + server.getAddress().getPort());
        assertThat(BY_DEFAULT.await(urls)).isEmpty();
        assertThat(times).hasValue(3);
        answers = number -> Map.entry(500, "one-of-ours");
        assertThatThrownBy(() -> SHORT.await(urls)).hasMessageContaining("answers 500 after 1 s");
    }

    @Test
    void eachUrlIsOpenedAndTheFirstAtThePathThatIsAskedFor() throws IOException {
        var stack = stack("web:80", "mail=web:81/inbox");
        answers = number -> Map.entry(200, mark(stack));
        assertThat(UrlCheck.parse("/health?x=1 200", PATIENCE).await(stack)).isEmpty();
        var port = server.getAddress().getPort();
        assertThat(asked)
                .map(line -> line.replaceAll("http://[^/]*", ""))
                .containsExactly(
                        "shop-x.localhost:" + port + " /health?x=1", "mail-shop-x.localhost:" + port + " /inbox/");
    }

    @Test
    void aRouterThatTraefikNeverGetsIsAnError() throws IOException {
        answers = number -> Map.entry(404, "");
        assertThatThrownBy(() -> SHORT.await(stack()))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("It is deployed, but http://shop-x.localhost:")
                .hasMessageContaining("is not known to Traefik (404) after 1 s. Does Traefik watch this Docker")
                .hasMessageContaining("entry point web");
    }

    @Test
    @Tag("R25")
    void aWrongPortIsAnError() throws IOException {
        var stack = stack();
        answers = number -> Map.entry(502, mark(stack));
        assertThatThrownBy(() -> SHORT.await(stack))
                .hasMessageContainingAll(
                        "Traefik with 502: it cannot reach the service web on port 80 after 1 s. Does web listen",
                        "set -Dcompose.routes=web:PORT",
                        "h2c://web:PORT",
                        "-Dcompose.urlCheck sets path, status and time");
    }

    @Test
    void anotherStatusThanTheOneThatIsAskedForIsAnError() throws IOException {
        var stack = stack();
        answers = number -> Map.entry(404, mark(stack));
        assertThatThrownBy(() -> UrlCheck.parse("2xx 1s", PATIENCE).await(stack))
                .hasMessageContaining("answers 404 and not 2xx after 1 s. -Dcompose.urlCheck sets");
        answers = number -> Map.entry(200, "somebody-else");
        assertThatThrownBy(() -> SHORT.await(stack)).hasMessageContaining("is not answered by this deployment (200)");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 302, 401, 403})
    @Tag("R20")
    void aPageARedirectAndALogInAreGood(int status) throws IOException {
        var stack = stack();
        answers = number -> Map.entry(status, mark(stack));
        assertThat(BY_DEFAULT.await(stack)).isEmpty();
        assertThat(times).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 429})
    @Tag("R20")
    void aStatusThatMayBeAMistakeIsAWarningThatNamesTheParameter(int status) throws IOException {
        var stack = stack();
        answers = number -> Map.entry(status, mark(stack));
        assertThat(BY_DEFAULT.await(stack))
                .singleElement()
                .asString()
                .contains(" answers " + status + "; ", "-Dcompose.urlCheck=/health", "-Dcompose.urlCheck=" + status);
        assertThat(UrlCheck.parse(String.valueOf(status), PATIENCE).await(stack))
                .isEmpty();
    }

    /** As Django does for a host name that is not among its own, and an application that is broken. */
    @ParameterizedTest
    @ValueSource(ints = {400, 500, 501, 505})
    @Tag("R20")
    void anApplicationThatAnswersErrorsIsNotDeployed(int status) throws IOException {
        var stack = stack();
        answers = number -> Map.entry(status, mark(stack));
        assertThatThrownBy(() -> UrlCheck.within(Duration.ZERO).await(stack))
                .hasMessageContainingAll(" answers " + status + " after 1 s. ", "-Dcompose.urlCheck sets path");
    }

    /** As a Traefik does whose entry point web leads to websecure. */
    @Test
    void aRedirectToHttpsThatIsNotOfTheDeploymentSaysHowToAskForHttps() throws IOException {
        answers = number -> Map.entry(308, "");
        assertThatThrownBy(() -> SHORT.await(stack()))
                .hasMessageContainingAll("is not answered by this deployment (308)", "compose.domain=https://");
        answers = number -> Map.entry(301, "");
        assertThatThrownBy(() -> SHORT.await(stack())).hasMessageContaining("another router");
    }

    @Test
    void aNameThatNobodyKnowsIsCalledThat() throws IOException {
        assertThat(BY_DEFAULT.await(stackAt("nosuch.invalid", "nginx:1")))
                .singleElement()
                .asString()
                .contains("its name is not known to this machine's DNS");
    }

    @Test
    void whatCannotBeReachedFromHereIsAnErrorOnlyWhereTheCheckWasAskedFor() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var nobody = stackAt("localhost:" + closed, "nginx:1");
        assertThat(BY_DEFAULT.await(nobody))
                .singleElement()
                .asString()
                .contains("http://shop-x.localhost:" + closed, "could not be checked from here");
        assertThatThrownBy(() -> SHORT.await(nobody)).hasMessageContaining("cannot be opened");
    }

    @Test
    void theMarkIsAnotherForAnotherServiceButDoesNotTellOfSecrets() throws IOException {
        var one = stackAt("ci.test", "nginx:1");
        var other = stackAt("ci.test", "nginx:2");
        assertThat(mark(one)).matches("[0-9a-f]{16}").isEqualTo(mark(stackAt("ci.test", "nginx:1")));
        assertThat(mark(other)).isNotEqualTo(mark(one));
        var builder = Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .project("shop-x")
                .domain("ci.test")
                .variable("DB_PASSWORD", "a-third-secret");
        assertThat(mark(builder.render())).isEqualTo(mark(one));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "health", "/a /b", "200 201", "600", "30", "0s", "/x#y", "/x y", "none"})
    void whatIsNoCheckIsRefused(String text) {
        assertThatThrownBy(() -> UrlCheck.parse(text, PATIENCE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.USAGE));
    }

    @Test
    void aCheckIsReadInAnyOrder() {
        assertThat(UrlCheck.parse(" 90s  /health 2xx", PATIENCE))
                .isEqualTo(new UrlCheck("/health", "2xx", Duration.ofSeconds(90), true));
        assertThat(UrlCheck.parse("/", PATIENCE)).isEqualTo(new UrlCheck("/", null, PATIENCE, true));
    }
}
