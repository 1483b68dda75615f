package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The image {@code compose-it/java:1}: a Java cut down by jlink with the C libraries that it needs, and busybox. */
final class JavaImage {
    private static final String BUILD = """
            set -eu
            root=$(mktemp -d)
            trap 'rm -rf "$root"' EXIT
            "$JAVA/bin/jlink" --add-modules java.base,jdk.httpserver --strip-debug --no-header-files --no-man-pages --output "$root/jdk"
            ldd "$root"/jdk/bin/java "$root"/jdk/lib/*.so "$root"/jdk/lib/server/libjvm.so |
              sed -n -e 's/.*=> \\(\\/[^ ]*\\) .*/\\1/p' -e 's/^[[:space:]]*\\(\\/[^ ]*\\) (.*/\\1/p' | grep -v "^$root" | sort -u |
              while read -r library; do mkdir -p "$root${library%/*}" && cp -L "$library" "$root$library"; done
            mkdir -p "$root/bin" "$root/tmp" "$root/etc"
            cp "$BUSYBOX" "$root/bin/busybox"
            tar -C "$root" -c . | "$COMPOSE_IT_DOCKER" import --change 'ENV PATH=/bin' - compose-it/java:1
            """;

    private JavaImage() {}

    /** Makes it, unless the engine has it. */
    static synchronized void provide(TestServer server) throws IOException {
        if (!server.docker("image", "ls", "-q", "compose-it/java:1").isBlank()) {
            return;
        }
        var java = System.getProperty("java.home");
        assumeTrue(Files.isExecutable(Path.of(java, "bin/jlink")), "no jlink: no program under load");
        var builder = new ProcessBuilder("sh", "-c", BUILD).redirectErrorStream(true);
        builder.environment().put("JAVA", java);
        builder.environment()
                .put("BUSYBOX", server.directory().resolve("dist/bin/busybox").toString());
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(out);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
