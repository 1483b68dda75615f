package io.github.xdevops.compose.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The image {@code compose-it/postgres:1}: PostgreSQL of Debian, with the variables and the volume of the well-known image. */
final class PostgresImage {
    static final String NAME = "compose-it/postgres:1";

    private PostgresImage() {}

    /** Makes it in the test server's engine, unless it is there. */
    static void provide() throws IOException {
        var process = new ProcessBuilder(Path.of("postgres").toAbsolutePath().toString())
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError("it/postgres failed: " + out);
        }
    }
}
