package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Runs the commands of a job where nothing is but what a runner gives it; {@code mvn} finds the plugin of this build. */
final class JobShell {
    private final Path place;
    private final Path checkout;
    private int jobs;

    /**
     * @param place a directory for all that jobs need
     * @param checkout what is checked out
     */
    JobShell(Path place, Path checkout) throws IOException {
        this.place = Files.createDirectories(place);
        this.checkout = checkout;
        var tools = Files.createDirectories(place.resolve("tools"));
        var maven = Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "mvn"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        var wrapper = Files.writeString(
                tools.resolve("mvn"),
                "#!/bin/sh\nexport MAVEN_OPTS=\"$MAVEN_OPTS " + Maven.QUICK + "\"\nexec '" + maven
                        + "' -o '-Dmaven.repo.local=" + System.getProperty("it.repository") + "' \"$@\"\n");
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The document of a file as maps, lists and plain values. */
    static Map<?, ?> yaml(Path file) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    /** A fresh directory, with the checkout in it or without. */
    Path directory(boolean checkedOut) throws IOException {
        var directory = Files.createDirectories(place.resolve("job-" + ++jobs));
        if (checkedOut) {
            try (var files = Files.list(checkout)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, directory.resolve(file.getFileName().toString()));
                }
            }
        }
        return directory;
    }

    /** Runs a script as `sh -e`, and says what it printed. */
    String run(Path directory, String script, Map<String, String> variables) throws IOException {
        var process = new ProcessBuilder(List.of("sh", "-e", "-c", script))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        var environment = process.environment();
        var java = environment.get("JAVA_HOME");
        var path = place.resolve("tools") + ":" + environment.get("PATH");
        environment.clear();
        environment.putAll(variables);
        environment.put("PATH", path);
        environment.put("HOME", place.toString());
        if (java != null) {
            environment.put("JAVA_HOME", java);
        }
        var running = process.start();
        try {
            running.getOutputStream().close();
            var out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(running.waitFor(2, TimeUnit.MINUTES)).as(out).isTrue();
            assertThat(running.exitValue()).as(out).isZero();
            return out;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            running.destroyForcibly();
        }
    }

    /** A file that a runner hands to a job, with the mode that GitLab's has. */
    Path file(String name, String text) {
        try {
            var file = Files.writeString(place.resolve(name), text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
