package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Carried;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.ImageSource;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Stack;
import io.github.xdevops.compose.Stacks;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.testimage.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a build on a server that pulls from nowhere. */
class CarryIT {
    /** Of its own, because others sweep, too. */
    private static final String STATE = "state-carry";

    private static final String PROJECT = "carry-it";
    private static final int BULK = 300_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> images = new ArrayList<>();

    @TempDir
    Path directory;

    private TestServer server;
    private Stacks stacks;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        stacks = server.stacks(STATE);
        System.out.println("CarryIT: seed " + seed);
    }

    @AfterEach
    void takeDown() {
        if (stacks != null) {
            stacks.down(PROJECT, Progress.NONE);
            stacks.close();
            forgetImages();
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void onlyWhatTheServerLacksIsSent() throws IOException {
        var first = image(bulk(1), "one");
        var carried = carry(first, TestImage.Form.CLASSIC);
        assertThat(carried.sent()).isEqualTo(3);
        assertThat(deployed(carried)).isEqualTo("one");
        var all = carried.bytes();

        var again = carry(first, TestImage.Form.JIB);
        assertThat(again).isEqualTo(new Carried(carried.images(), 3, 0, 0));

        var second = carry(image(bulk(1), "two"), TestImage.Form.OCI);
        assertThat(second.sent()).isEqualTo(1);
        assertThat(second.bytes()).isLessThan(BULK);
        assertThat(deployed(second)).isEqualTo("two");

        stacks.down(PROJECT, Progress.NONE);
        forgetImages();
        var anew = carry(first, TestImage.Form.JIB);
        assertThat(anew.sent()).isEqualTo(3);
        assertThat(deployed(anew)).isEqualTo("one");
        Proof.claim("carry: 4 images of 3 layers, " + carried.sent() + " layers and " + all
                + " bytes sent the first time, " + again.sent() + " for the same again, " + second.sent() + " and "
                + second.bytes() + " bytes for one changed layer, " + anew.sent() + " after all were removed");
    }

    /** The page is in the uppermost layer. */
    private TestImage image(byte[] bulk, String page) throws IOException {
        var shell = Files.readAllBytes(server.directory().resolve("dist/bin/busybox"));
        return new TestImage(
                        "{\"Cmd\":[\"/bin/busybox\",\"httpd\",\"-f\",\"-p\",\"80\",\"-h\",\"/www\"],\"ExposedPorts\":{\"80/tcp\":{}}}")
                .layer(Map.of("bin/busybox", shell))
                .layer(Map.of("bulk", bulk))
                .layer(new TreeMap<>(
                        Map.of("www/index.html", page.getBytes(StandardCharsets.UTF_8), "www/salt", salt())));
    }

    private byte[] bulk(int salt) {
        var bytes = new byte[BULK];
        new Random(seed + salt).nextBytes(bytes);
        return bytes;
    }

    private byte[] salt() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return bytes;
    }

    private Carried carry(TestImage image, TestImage.Form form) {
        var file = image.write(directory.resolve(form + ".tar"), form);
        var carried = stacks.carry(Map.of("web", ImageSource.archive(file)), Timeouts.DEFAULT, Progress.NONE);
        assertThat(carried.images()).isEqualTo(Map.of("web", "sha256:" + image.id()));
        images.add(image.id());
        assertThat(server.login("ls -A " + STATE + "/.staging")).isEmpty();
        return carried;
    }

    private String deployed(Carried carried) throws IOException {
        var here = Files.createDirectories(directory.resolve("project"));
        // No registry of this name is anywhere.
        Files.writeString(
                here.resolve("compose.yaml"),
                "services: {web: {image: registry.invalid/none:1, pull_policy: always, ports: ['80']}}\n");
        var stack = Stack.in(here)
                .environment(Environment.of("acme/shop", PROJECT))
                .project(PROJECT)
                .domain(server.domain())
                .lifetime(Lifetime.parse("1h"))
                .images(carried.images())
                .render();
        return server.get(stacks.deploy(stack, Progress.NONE).urls().get(0)).strip();
    }

    private void forgetImages() {
        for (var id : images) {
            if (server.docker("images", "-aq", "--no-trunc").contains(id)) {
                server.docker("rmi", "-f", "sha256:" + id);
            }
        }
    }
}
