package io.github.xdevops.compose.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Images of databases from Debian's packages, with the variables and the volumes of the well-known images. */
final class DebianImages {
    static final String POSTGRES = "compose-it/postgres:1";
    static final String MARIADB = "compose-it/mariadb:1";

    private DebianImages() {}

    /** Makes {@link #POSTGRES} in the test server's engine, unless it is there. */
    static void providePostgres() throws IOException {
        provide("postgres");
    }

    /** Makes {@link #MARIADB} in the test server's engine, unless it is there. */
    static void provideMariadb() throws IOException {
        provide("mariadb");
    }

    private static void provide(String script) throws IOException {
        var process = new ProcessBuilder(Path.of(script).toAbsolutePath().toString())
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError("it/" + script + " failed: " + out);
        }
    }
}
