package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a slow registry sends an image, a neighbour makes a volume with the name that Compose is going to use. */
class GapIT {
    /** The volume shop_data of gap is gap_shop_data, and so is the volume data of gap_shop. */
    private static final String PROJECT = "gap";

    private static final String NEIGHBOUR = "gap_shop";

    private final Map<String, byte[]> content = new HashMap<>();

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;
    private HttpServer registry;

    @BeforeEach
    void serveAnImage() throws IOException {
        server = TestServer.required();
        stacks = server.stacks();
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/v2/", this::answer);
        registry.start();
        var layer = new byte[1024]; // an archive of nothing
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(layer);
        }
        var config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"/none\"]},"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + Sha256.hex(layer) + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        var type = "application/vnd.docker.";
        content.put(
                "manifests/1",
                ("{\"schemaVersion\":2,\"mediaType\":\"" + type + "distribution.manifest.v2+json\",\"config\":"
                                + blob(type + "container.image.v1+json", config) + ",\"layers\":["
                                + blob(type + "image.rootfs.diff.tar.gzip", packed.toByteArray()) + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.down(PROJECT, Progress.NONE);
            stacks.down(NEIGHBOUR, Progress.NONE);
            stacks.close();
        }
        if (registry != null) {
            registry.stop(0);
            server.docker("rmi", image());
        }
    }

    @Test
    @Tag("L7")
    void aVolumeThatANeighbourMakesDuringThePullIsNotMounted() throws IOException {
        var stack = stack(PROJECT, image(), "shop_data");
        assertThatThrownBy(() -> stacks.deploy(stack, Progress.NONE))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.POLICY))
                .hasMessageContaining("the volume gap_shop_data belongs to the project gap_shop");
        assertThat(server.remains(PROJECT)).isEmpty();
        stacks.down(NEIGHBOUR, Progress.NONE);
        assertThat(server.remains(NEIGHBOUR)).isEmpty();
        Proof.claim("isolation: a volume that a neighbour made during the pull was refused before the start, and its"
                + " neighbour's down worked");
    }

    /** The neighbour is deployed before the manifest is sent. */
    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        try (exchange) {
            if (path.contains("/manifests/") && server.remains(NEIGHBOUR).isEmpty()) {
                try (var others = server.stacks()) {
                    others.deploy(stack(NEIGHBOUR, "compose-it/httpd:1", "data"), Progress.NONE);
                }
            }
            var name = path.substring(path.indexOf("/gap/") + 1).replaceFirst("gap/", "");
            var bytes = path.equals("/v2/") ? new byte[] {'{', '}'} : content.get(name);
            if (path.contains("/manifests/")) {
                exchange.getResponseHeaders()
                        .set("Content-Type", "application/vnd.docker.distribution.manifest.v2+json");
                bytes = content.get("manifests/1");
                exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + Sha256.hex(bytes));
            }
            if (bytes == null) {
                exchange.sendResponseHeaders(404, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private String blob(String type, byte[] bytes) {
        content.put("blobs/sha256:" + Sha256.hex(bytes), bytes);
        return "{\"mediaType\":\"" + type + "\",\"size\":" + bytes.length + ",\"digest\":\"sha256:" + Sha256.hex(bytes)
                + "\"}";
    }

    private String image() {
        return "127.0.0.1:" + registry.getAddress().getPort() + "/gap:1";
    }

    private Stack stack(String project, String image, String volume) throws IOException {
        var place = Files.createDirectories(directory.resolve(project));
        Files.writeString(
                place.resolve("compose.yaml"),
                "services: {web: {image: '" + image + "', volumes: ['" + volume + ":/data']}}\nvolumes: {" + volume
                        + ": {}}\n");
        return Stack.in(place)
                .environment(Environment.of("acme/it", project))
                .project(project)
                .domain(server.domain())
                .unrouted()
                .render();
    }
}
