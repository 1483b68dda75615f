package io.github.xdevops.compose.image;

import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The local docker command, which finds its engine by DOCKER_HOST and its own configuration. */
public final class LocalDocker {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SAID = 64 * 1024;

    private final String program;

    /** Uses the command in PATH. */
    public LocalDocker() {
        this("docker");
    }

    /**
     * @param program its name or path
     */
    public LocalDocker(String program) {
        this.program = program;
    }

    /**
     * An image in the local Docker.
     *
     * @param id Docker's own ID, as 64 hexadecimal digits
     * @param layers the hashes of its layers, from the lowest to the uppermost
     */
    public record Known(String id, List<String> layers) {}

    /**
     * Finds an image by name.
     *
     * @throws ImageException if Docker does not answer
     */
    public Optional<Known> find(String name) {
        if (name.isEmpty() || name.startsWith("-")) {
            return Optional.empty();
        }
        var said = run(PATIENCE, List.of("image", "inspect", "--format", "{{.Id}} {{json .RootFS.Layers}}", name));
        if (said.exit != 0) {
            if (said.text.toLowerCase(Locale.ROOT).contains("no such image")) {
                return Optional.empty();
            }
            throw new ImageException("Docker on this machine cannot inspect " + name + ": " + said.lastLine());
        }
        var parts = said.text.strip().split(" ", 2);
        var layers = new ArrayList<String>();
        if (parts.length == 2 && Json.parse(parts[1]) instanceof List<?> all) {
            all.forEach(layer -> layers.add(bare(String.valueOf(layer))));
        }
        return Optional.of(new Known(bare(parts[0]), List.copyOf(layers)));
    }

    /**
     * Writes an image to a file.
     *
     * @throws ImageException if Docker fails
     */
    public void save(String name, Path file, Duration patience) {
        var said = run(patience, List.of("image", "save", "--output", file.toString(), name));
        if (said.exit != 0) {
            throw new ImageException("docker save of " + name + " failed on this machine: " + said.lastLine());
        }
    }

    private static String bare(String hash) {
        return hash.startsWith("sha256:") ? hash.substring("sha256:".length()) : hash;
    }

    private record Finding(int exit, String text) {
        String lastLine() {
            var lines = text.strip().lines().toList();
            return lines.isEmpty() ? "exit status " + exit : lines.get(lines.size() - 1);
        }
    }

    private Finding run(Duration patience, List<String> arguments) {
        var words = new ArrayList<>(List.of(program));
        words.addAll(arguments);
        try {
            // To a file, because a full pipe would hold it up.
            var out = Files.createTempFile("compose-docker", ".out");
            try {
                var process = new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new ImageException("docker " + arguments.get(1) + " on this machine takes longer than "
                            + patience.toSeconds() + " s");
                }
                try (var in = Files.newInputStream(out)) {
                    return new Finding(process.exitValue(), new String(in.readNBytes(SAID), StandardCharsets.UTF_8));
                }
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new ImageException("docker cannot be started on this machine: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("docker on this machine was interrupted", e);
        }
    }
}
