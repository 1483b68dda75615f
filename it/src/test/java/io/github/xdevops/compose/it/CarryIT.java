package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.CarriedImages;
import io.github.xdevops.compose.server.Stacks;
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
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images of a build on a server that pulls from nowhere. */
class CarryIT {
    /** Tests beside this one sweep the shared records. */
    private static final String STATE = "state-carry";

    private static final String CONTAINERD = "state-carry-containerd";

    private static final String PROJECT = "carry-it";
    private static final Environment SHOP = Environment.of("acme/shop", PROJECT);
    private static final int BULK = 300_000;
    private static final int STEP = Ring.count(320, 96) * 1024;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> images = new ArrayList<>();

    @RegisterExtension
    private final Deployments here = Deployments.recordedIn(STATE);

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();
    private final Path directory = here.directory();

    @BeforeEach
    void sayTheSeed() {
        System.out.println("CarryIT: seed " + seed);
    }

    @AfterEach
    void takeDown() {
        stacks.down(PROJECT, Progress.NONE);
        forgetImages();
    }

    @Test
    void onlyWhatTheServerLacksIsSent() throws IOException {
        var first = image(bulk(1), "one");
        var carried = carry(first, TestImage.Form.CLASSIC);
        assertThat(carried.sent()).isEqualTo(3);
        assertThat(deployed(carried)).isEqualTo("one");
        var all = carried.bytes();

        var again = carry(first, TestImage.Form.JIB);
        assertThat(again).isEqualTo(new CarriedImages(carried.images(), 3, 0, 0));

        var second = carry(image(bulk(1), "two"), TestImage.Form.OCI);
        assertThat(second.sent()).isEqualTo(1);
        assertThat(second.bytes()).isLessThan(BULK);
        assertThat(deployed(second)).isEqualTo("two");

        // A layer that the server has, in another place.
        var twice = carry(image(bulk(1), "three").layer(Map.of("bulk", bulk(1))), TestImage.Form.CLASSIC);
        assertThat(twice.layers()).isEqualTo(4);
        assertThat(twice.sent()).isEqualTo(2);
        assertThat(deployed(twice)).isEqualTo("three");

        stacks.down(PROJECT, Progress.NONE);
        forgetImages();
        var anew = carry(first, TestImage.Form.JIB);
        assertThat(anew.sent()).isEqualTo(3);
        assertThat(deployed(anew)).isEqualTo("one");
        Proof.claim("carry: an image of " + carried.layers() + " layers, " + carried.sent() + " layers and " + all
                + " bytes sent the first time, " + again.sent() + " for the same again, " + second.sent() + " and "
                + second.bytes() + " bytes for one changed layer, " + anew.sent() + " after all were removed");
    }

    @Test
    void whereverTheConnectionBreaksNothingIsChangedAndNothingStays() throws IOException {
        var image = image(bulk(2), "whole");
        var file = image.write(directory.resolve("cut.tar"), TestImage.Form.CLASSIC);
        var sources = Map.of("web", ImageSource.archive(file));
        images.add(image.id());
        var words = new ArrayList<Outcome>();
        try (var relay = new CuttingRelay(server.port())) {
            CuttingRelay.Cut cut;
            do {
                cut = relay.cutAfter(
                        CuttingRelay.Direction.TO_SERVER, (words.size() + 1L) * STEP - Ring.offset(STEP / 2), true);
                var answer = KilledClient.Answer.of(() -> {
                    try (var cutOff = server.stacksThrough(relay.port(), STATE)) {
                        cutOff.carry(sources, Timeouts.DEFAULT, Progress.NONE);
                    }
                });
                words.add(answer.word());
                forgetImages();
            } while (cut.happened());
        }
        assertThat(words.remove(words.size() - 1)).isEqualTo(Outcome.OK);
        assertThat(words).hasSizeGreaterThan(Ring.count(2, 10)).containsOnly(Outcome.PROTO);

        server.login("find " + STATE + "/.staging -exec touch -d 2020-01-01 {} + && rm -f " + STATE + "/.housekeeping");
        stacks.sweep(Progress.NONE);
        assertThat(deployed(carry(image, TestImage.Form.CLASSIC))).isEqualTo("whole");
        Proof.claim("carry: " + words.size() + " connections cut, environments changed: 0, files left: 0");
    }

    @Test
    void jibBuildsAModulesImageAndNeitherDockerNorARegistryIsNeededHere() throws IOException {
        var shop = Files.createDirectories(directory.resolve("front"));
        Files.writeString(directory.resolve("pom.xml"), Maven.pom("<modules><module>front</module></modules>", ""));
        Files.writeString(shop.resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>acme</groupId>
                  <artifactId>shop-web</artifactId>
                  <version>1</version>
                  <properties>
                    <jib.from.image>scratch</jib.from.image>
                    <jib.to.image>acme/shop-web</jib.to.image>
                    <jib.container.entrypoint>/bin/busybox,httpd,-f,-p,80,-h,/www</jib.container.entrypoint>
                    <jib.extraDirectories.permissions>/bin/busybox=755</jib.extraDirectories.permissions>
                  </properties>
                </project>
                """);
        Files.createDirectories(shop.resolve("target/classes"));
        Files.writeString(shop.resolve("target/classes/Nothing.class"), "");
        Files.copy(
                server.directory().resolve("dist/bin/busybox"),
                Files.createDirectories(shop.resolve("src/main/jib/bin")).resolve("busybox"));
        var page = "built by Jib, " + seed;
        Files.writeString(
                Files.createDirectories(shop.resolve("src/main/jib/www")).resolve("index.html"), page);
        Files.writeString(
                directory.resolve("compose.yaml"), "services: {web: {image: registry.invalid/shop, ports: ['80']}}\n");
        var first =
                carryWithMaven(System.getProperty("it.jib") + ":buildTar", "-Dcompose.services.web.module=shop-web");
        assertThat(first.exit()).as(first.out()).isZero();
        assertThat(first.out()).contains("layers to send", "» transfer");
        assertThat(server.get("http://" + PROJECT + "." + server.domain())).isEqualTo(page);
        var second = carryWithMaven(System.getProperty("it.jib") + ":buildTar", "-Dcompose.services.web.module=front");
        assertThat(second.out()).contains("is on the server already", "unchanged, lease renewed");
        var none = carryWithMaven("validate", "-Dcompose.services.web.module=acme:shop");
        assertThat(none.error()).contains("DATA: The module shop has built no image", "jib-image.json");
    }

    /** A build machine whose Docker is not the server's. */
    @Test
    void whatTheDockerOfTheBuildMachineHasIsCarriedAndTheRestIsPulled() throws IOException {
        var image = image(bulk(2), "built here");
        var archive = image.write(directory.resolve("image.tar"), TestImage.Form.OCI);
        images.add(image.id());
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web: {image: 'test/image:1', ports: ['80']}
                  idle: {image: 'compose-it/busybox:1', command: [sleep, '1000']}
                """);
        try (var engine = SecondEngine.start(server, directory)) {
            engine.docker("load", "--input", archive.toString());
            var deploy = carryWithMaven(Maven.goal("whoami"));
            assertThat(deploy.exit()).as(deploy.out()).isZero();
            assertThat(deploy.out())
                    .contains(
                            "The image of idle is pulled, because Docker on this machine has no compose-it/busybox:1",
                            "test/image:1: 3 of 3 layers to send");
        }
        assertThat(server.get("http://" + PROJECT + "." + server.domain())).isEqualTo("built here");
        assertThat(server.docker("images", "-q", "test/image:1"))
                .as("it has no name there")
                .isBlank();
    }

    /** As Docker is installed by now: the ID of an image is the hash of a manifest, and all layers are opened. */
    @Test
    void aDockerThatKeepsImagesWithContainerdRunsWhatIsCarried() throws IOException {
        var first = image(bulk(1), "one");
        var sources =
                Map.of("web", ImageSource.archive(first.write(directory.resolve("1.tar"), TestImage.Form.CLASSIC)));
        var top = image(bulk(1), "two");
        var next = Map.of("web", ImageSource.archive(top.write(directory.resolve("2.tar"), TestImage.Form.OCI)));
        try (var engine = SecondEngine.keepingImagesWithContainerd(server);
                var there = Stacks.on(engine.host(), CONTAINERD)) {
            assertThat(there.imageIds(sources)).containsExactly(Map.entry("web", "sha256:" + first.id()));
            var carried = there.carry(sources, Timeouts.DEFAULT, Progress.NONE);
            var id = carried.images().get("web");
            assertThat(id).isNotEqualTo("sha256:" + first.id());
            assertThat(there.imageIds(sources)).isEqualTo(carried.images());
            var stack = alone(carried);
            there.deploy(stack, Progress.NONE);
            assertThat(engine.docker("ps", "--no-trunc", "--format", "{{.Image}} {{.State}}"))
                    .isEqualTo(id + " running\n");
            assertThat(there.carry(sources, Timeouts.DEFAULT, Progress.NONE))
                    .isEqualTo(new CarriedImages(carried.images(), 3, 0, 0));
            assertThat(there.plan(stack).renewsOnly()).isTrue();

            var second = there.carry(next, Timeouts.DEFAULT, Progress.NONE);
            assertThat(second.sent()).as("layers, all that it has").isEqualTo(3);
            there.deploy(alone(second), Progress.NONE);
            assertThat(engine.docker("ps", "--no-trunc", "--format", "{{.Image}}"))
                    .isEqualTo(second.images().get("web") + "\n");

            there.down(PROJECT, Progress.NONE);
            server.login("touch -d 2020-01-01 " + CONTAINERD + "/.images/* && rm -f " + CONTAINERD + "/.housekeeping");
            there.sweep(Progress.NONE);
            assertThat(engine.docker("images", "-aq")).as("images left").isEmpty();
        } finally {
            server.login("rm -rf " + CONTAINERD);
        }
    }

    @Test
    void aBuildMachineThatKeepsImagesWithContainerdPlansNoChangeOfWhatItHasDeployed() throws IOException {
        var image = image(bulk(2), "built here");
        var archive = image.write(directory.resolve("image.tar"), TestImage.Form.OCI);
        images.add(image.id());
        Files.writeString(
                directory.resolve("compose.yaml"), "services: {web: {image: 'test/image:1', ports: ['80']}}\n");
        try (var engine = SecondEngine.keepingImagesWithContainerd(server)) {
            engine.docker("load", "--input", archive.toString());
            var deploy = maven(engine.url(), Maven.goal("deploy"));
            assertThat(deploy.exit()).as(deploy.out()).isZero();
            var plan = maven(engine.url(), Maven.goal("plan"), "-Dcompose.failOnChanges=true");
            assertThat(plan.exit()).as(plan.out()).isZero();
        }
        assertThat(server.docker("ps", "--no-trunc", "--format", "{{.Image}}")).contains("sha256:" + image.id());
    }

    private Stack alone(CarriedImages carried) {
        return here.compose(SHOP, "services: {web: {image: x, network_mode: none}}\n")
                .project(PROJECT)
                .unrouted()
                .lifetime(Lifetime.parse("1h"))
                .images(carried.images())
                .render();
    }

    private Maven.Outcome carryWithMaven(String goal, String... more) {
        var options = new ArrayList<>(List.of(more));
        options.add(Maven.goal("deploy"));
        return maven("unix://" + directory.resolve(SecondEngine.SOCKET), goal, options.toArray(String[]::new));
    }

    /** @param engine the Docker of the build machine */
    private Maven.Outcome maven(String engine, String goal, String... more) {
        var maven = new Maven(directory, server);
        var options = maven.toServer(more);
        options.addAll(List.of(
                "-Dcompose.images=transfer",
                "-Dcompose.project=" + PROJECT,
                "-Dcompose.branch=main",
                "-Dcompose.repository=acme/shop",
                "-Dcompose.stateDirectory=" + STATE));
        return maven.call(
                goal,
                options,
                Map.of(
                        "DOCKER_HOST",
                        engine,
                        "PATH",
                        server.directory().resolve("dist/usr/bin") + ":" + System.getenv("PATH")));
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

    private CarriedImages carry(TestImage image, TestImage.Form form) {
        var file = image.write(directory.resolve(form + ".tar"), form);
        var carried = stacks.carry(Map.of("web", ImageSource.archive(file)), Timeouts.DEFAULT, Progress.NONE);
        assertThat(carried.images()).isEqualTo(Map.of("web", "sha256:" + image.id()));
        images.add(image.id());
        assertThat(server.login("ls -A " + STATE + "/.staging")).isEmpty();
        return carried;
    }

    private String deployed(CarriedImages carried) {
        // No registry of this name is anywhere.
        var file = "services: {web: {image: registry.invalid/none:1, pull_policy: always, ports: ['80']}}\n";
        var stack = here.render(here.compose(SHOP, file)
                .project(PROJECT)
                .lifetime(Lifetime.parse("1h"))
                .images(carried.images()));
        return server.get(here.deploy(stack).urls().get(0)).strip();
    }

    private void forgetImages() {
        for (var id : images) {
            if (server.docker("images", "-aq", "--no-trunc").contains(id)) {
                server.docker("rmi", "-f", "sha256:" + id);
            }
        }
    }
}
