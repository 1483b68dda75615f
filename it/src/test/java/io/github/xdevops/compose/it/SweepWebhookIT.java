package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server tells a real receiver what it removed, and nobody who looks at its processes learns where that is. */
class SweepWebhookIT {
    private static final String STATE = "state-webhook";

    @TempDir
    Path directory;

    @Test
    void theOwnerHearsWhatExpired() throws IOException {
        var server = TestServer.required();
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: \"compose-it/httpd:1\", ports: [\"80\"]}}\n");
        var revision = new Revision("feature/webhook", null, null, null, 0);
        var stack = Stack.in(directory)
                .environment(new Environment("acme/it", "feature/webhook", revision))
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .render();
        var heard = new ConcurrentLinkedQueue<String>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var eyes = new ProcessEyes();
        receiver.createContext("/", exchange -> {
            // It is looked at while it waits for the answer.
            var until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (calls(eyes).isEmpty() && System.nanoTime() < until) {
                TestServer.pause(5);
            }
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        try (eyes;
                var stacks = server.stacks(STATE)) {
            stacks.deploy(stack, Progress.NONE);
            server.login(
                    String.valueOf(server.port()),
                    "umask 077 && echo \"$1\" >" + STATE + "/.host/webhook && echo 1000000000 >" + STATE
                            + "/$2/removeat",
                    "http://127.0.0.1:" + receiver.getAddress().getPort() + "/T0/only-for-the-owner",
                    stack.project());
            assertThat(stacks.sweep(Progress.NONE).removed()).containsExactly(stack.project());
            assertThat(calls(eyes)).isNotEmpty().noneMatch(process -> process.contains("only-for-the-owner"));
        } finally {
            receiver.stop(0);
            server.docker("ps", "-aq", "--filter", "label=com.docker.compose.project=" + stack.project())
                    .lines()
                    .forEach(id -> server.docker("rm", "-fv", id));
            server.login("rm -rf " + STATE);
        }
        assertThat(server.remains(stack.project())).isEmpty();
        assertThat(heard).hasSize(2);
        assertThat(heard.poll()).isEqualTo("POST /T0/only-for-the-owner application/json");
        var message = (Map<?, ?>) Objects.requireNonNull(Json.parse(String.valueOf(heard.poll())));
        assertThat(String.valueOf(message.get("text")))
                .startsWith("Expired environments on ")
                .endsWith(": 1 removed\n* " + stack.project() + " `feature/webhook` " + stack.project() + "."
                        + server.domain().replaceAll(":.*", ""));
        Proof.claim("sweep: what expired was told to a real receiver, whose URL no process showed");
    }

    private static List<String> calls(ProcessEyes eyes) {
        return eyes.seen().stream()
                .filter(process -> process.matches(".*\\b(curl|wget) .*" + STATE + ".*"))
                .toList();
    }
}
