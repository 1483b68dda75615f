package io.github.xdevops.compose.it.bench;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The price of asking the registry for tags: redeploys of an unchanged stack with images by tag, and with the same images by digest,
 * by the library in a warm JVM. The registry is on the server, or far away.
 */
final class PullBench {
    private static final int WARM_UP = 2;
    private static final int DELAY = 25; // ms, each way
    private static final List<Integer> SERVICES = List.of(1, 5);

    private final BenchServer server = BenchServer.fromVariables();
    private final Path work;
    private final Process registry;
    private final int port;
    private final List<String> projects = new ArrayList<>();
    private final Set<String> images = new HashSet<>();

    private PullBench(Path work) throws IOException {
        this.work = work.toAbsolutePath();
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var config = Files.writeString(this.work.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: "%s/images"}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(this.work, port));
        registry = new ProcessBuilder(System.getenv("COMPOSE_IT_REGISTRY"), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(this.work.resolve("registry.log").toFile())
                .start();
    }

    /** Arguments: an empty directory, the report, the number of rounds. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var bench = new PullBench(Path.of(arguments[0]));
        try {
            var report = bench.run(Integer.parseInt(arguments[2]));
            System.out.print(report);
            Files.writeString(Path.of(arguments[1]), report);
        } finally {
            bench.close();
        }
    }

    private String run(int rounds) throws IOException, InterruptedException {
        awaitRegistry();
        var lines = new StringBuilder(
                "| images | registry | by digest | by tag | ratio | difference |\n|---|---|---|---|---|---|\n");
        try (var far = new DelayingRelay(port, DELAY)) {
            for (var services : SERVICES) {
                lines.append(compare(services, port, "on the server", rounds));
                lines.append(compare(services, far.port(), 2 * DELAY + " ms away", rounds));
            }
        }
        return lines.toString();
    }

    private String compare(int services, int at, String where, int rounds) throws IOException {
        var byTag = stack("tag", services, at, false);
        var byDigest = stack("digest", services, at, true);
        var ofTag = new Times();
        var ofDigest = new Times();
        for (var round = -WARM_UP; round < rounds; round++) {
            (round < 0 ? new Times() : ofDigest).measure(() -> deploy(byDigest));
            (round < 0 ? new Times() : ofTag).measure(() -> deploy(byTag));
        }
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.2f s | %.2f s | %.2f × | %.2f s |%n",
                services,
                where,
                ofDigest.median(),
                ofTag.median(),
                ofTag.against(ofDigest, (tag, digest) -> tag / digest).median(),
                ofTag.against(ofDigest, (tag, digest) -> tag - digest).median());
    }

    private void deploy(Stack stack) {
        try (var stacks = server.connect()) {
            stacks.deploy(stack, Progress.NONE);
        }
    }

    private Stack stack(String kind, int services, int at, boolean pinned) throws IOException {
        var project = "bench-" + kind + "-" + services + "-" + at;
        var directory = Files.createDirectories(work.resolve(project));
        var text = new StringBuilder("services:\n");
        for (var i = 0; i < services; i++) {
            var image = image("127.0.0.1:" + at + "/bench/" + kind + i + ":feat", pinned);
            text.append("  s").append(i).append(": {image: \"").append(image).append("\"}\n");
        }
        Files.writeString(directory.resolve("compose.yaml"), text);
        projects.add(project);
        return Stack.in(directory)
                .environment(Environment.of("acme/bench", project))
                .project(project)
                .domain(server.domain())
                .unrouted()
                .lifetime(Lifetime.parse("1h"))
                .render();
    }

    /** Pushes the test image under this name, and returns the name by which a stack asks for it. */
    private String image(String name, boolean pinned) {
        docker("tag", "compose-it/httpd:1", name);
        images.add(name);
        docker("push", "--quiet", name);
        return pinned
                ? docker("image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", name)
                        .lines()
                        .filter(line -> line.startsWith(name.substring(0, name.lastIndexOf(':')) + "@"))
                        .findFirst()
                        .orElseThrow()
                : name;
    }

    private String docker(String... words) {
        return new Tool(
                        work,
                        Map.of("DOCKER_HOST", System.getenv("DOCKER_HOST")),
                        Tool.NOTHING,
                        List.of(server.docker()))
                .with(List.of(words))
                .run();
    }

    private void awaitRegistry() throws IOException, InterruptedException {
        for (var tries = 0; ; tries++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (tries == 200 || !registry.isAlive()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private void close() {
        try (var stacks = server.connect()) {
            projects.forEach(project -> stacks.down(project, Progress.NONE));
        }
        registry.destroy();
        images.forEach(image -> docker("rmi", image));
    }
}
