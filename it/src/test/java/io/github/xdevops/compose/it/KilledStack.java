package io.github.xdevops.compose.it;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A small environment, with a network and a volume, in as many versions as are wanted. */
final class KilledStack {
    static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(60));
    /** What is given to a deploy that serves. */
    static final Duration LIFETIME = Duration.ofHours(1);
    /** What is there while one runs, and after one that failed. */
    static final Duration LIFETIME_AT_MOST = LIFETIME.plus(TIMEOUTS.up()).plus(TIMEOUTS.ready());

    /** Asks for the version that ends at once. */
    static final String BROKEN = "broken";

    private final TestServer server;
    private final Path directory;
    private final String branch;

    KilledStack(TestServer server, Path directory, String branch) {
        this.server = server;
        this.directory = directory;
        this.branch = branch;
    }

    String project() {
        return Environment.of("acme/it", branch).slug();
    }

    String url() {
        return rendered(BROKEN).endpoints().get(0).url() + "/";
    }

    /** The version that ends at once. */
    Stack broken() {
        return rendered(BROKEN);
    }

    /** The version whose page is this word, beside what the volume has kept since the first. */
    Stack rendered(String version) {
        var web = version.equals(BROKEN)
                ? "exit 3"
                : "mkdir /tmp/w && echo " + version + " >/tmp/w/index.html; [ -s /data/first ] ||"
                        + " cat /proc/sys/kernel/random/uuid >/data/first; cp /data/first /tmp/w; exec httpd -f -p 80 -h /tmp/w";
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("compose.yaml"), """
                    services:
                      web:
                        image: compose-it/httpd:1
                        command: ["sh", "-c", "%s"]
                        stop_signal: SIGKILL
                        ports: ["80"]
                        volumes: ["data:/data"]
                      worker:
                        image: compose-it/busybox:1
                        command: ["sleep", "100000"]
                        stop_signal: SIGKILL
                        depends_on: [web]
                    volumes:
                      data:
                    """.formatted(web));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stack.in(directory)
                .environment(Environment.of("acme/it", branch))
                .domain(server.domain())
                .lifetime(Lifetime.parse(LIFETIME.toSeconds() + "s"))
                .render();
    }
}
