package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** With a model of Docker that replaces services, and notes each service of which nothing ran for a moment. */
abstract class WithReplacingDocker extends InEveryShell {
    private static final int MANY = 1000;

    @BeforeEach
    void installTheModel() throws IOException {
        var docker = home.resolve("bin/docker");
        Files.delete(docker);
        Files.setPosixFilePermissions(copy("replacing-docker", docker), PosixFilePermissions.fromString("rwx------"));
        var sleep = Files.writeString(
                home.resolve("bin/sleep"), "#!/bin/sh\n[ \"$1\" = 3 ] || exec \"" + TOOLS + "/sleep\" \"$@\"\n");
        Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwx------"));
    }

    /** Each container's words by its name. */
    final Map<String, String> containers() {
        var found = new TreeMap<String, String>();
        try (var files = Files.list(stub.resolve("c"))) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file).strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** A sample of the calls of Docker that a worker makes, by their numbers, to kill it there by the file {@code kill}. */
    final List<Integer> callsOf(Runnable work, int sample) {
        put("kill", MANY + "\n");
        work.run();
        var made = MANY - Integer.parseInt(lines("kill").get(0));
        assertThat(stub.resolve("kill").toFile().delete()).isTrue();
        return Ring.sample(IntStream.rangeClosed(1, made).boxed().toList(), sample);
    }

    final List<String> gaps() {
        return Files.exists(stub.resolve("gaps")) ? lines("gaps") : List.of();
    }

    final List<String> lines(String file) {
        try {
            return Files.readAllLines(stub.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
