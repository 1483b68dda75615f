package io.github.xdevops.compose.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code docker compose} on this machine, with the variables of a project and none of the pipeline's secrets. */
public final class ComposeCommand {
    /** The variables of the process that Docker needs. Compose files can use them, too. */
    private static final Set<String> PASSED = Set.of(
            "PATH",
            "HOME",
            "USER",
            "TMPDIR",
            "SSH_AUTH_SOCK",
            "DOCKER_HOST",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_CERT_PATH",
            "DOCKER_TLS_VERIFY",
            "DOCKER_API_VERSION",
            "DOCKER_BUILDKIT",
            "DOCKER_DEFAULT_PLATFORM",
            "BUILDX_BUILDER",
            "BUILDX_CONFIG",
            "COMPOSE_BAKE",
            "XDG_RUNTIME_DIR",
            "XDG_CONFIG_HOME",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "APPDATA",
            "LOCALAPPDATA",
            "PROGRAMDATA",
            "PROGRAMFILES",
            "SYSTEMROOT",
            "USERPROFILE");

    private final String program;

    /** Uses {@code docker} from the {@code PATH}. */
    public ComposeCommand() {
        this("docker");
    }

    ComposeCommand(String program) {
        this.program = program;
    }

    /**
     * Runs a command to its end.
     *
     * @param lines receives each line of its output
     * @throws ImageException if it cannot be started, takes too long or fails; the message is its last line
     */
    public void run(
            Path directory,
            List<String> arguments,
            Map<String, String> variables,
            Duration patience,
            Consumer<String> lines) {
        var words = new ArrayList<>(List.of(program));
        words.addAll(arguments);
        var builder = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !PASSED.contains(name.toUpperCase(Locale.ROOT)));
        variables.forEach((name, value) -> {
            if (!PASSED.contains(name)) {
                environment.put(name, value);
            }
        });
        try {
            var process = builder.start();
            try {
                follow(process, patience, lines);
            } finally {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
            }
        } catch (IOException e) {
            throw new ImageException("docker cannot be started on this machine: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("docker on this machine was interrupted", e);
        }
    }

    private static void follow(Process process, Duration patience, Consumer<String> lines)
            throws IOException, InterruptedException {
        process.getOutputStream().close();
        var last = new String[] {""};
        var reader = new Thread(() -> {
            try (var out = process.inputReader(StandardCharsets.UTF_8)) {
                out.lines().filter(line -> !line.isBlank()).forEach(line -> {
                    last[0] = line.strip();
                    lines.accept(line);
                });
            } catch (IOException | java.io.UncheckedIOException e) {
                last[0] = String.valueOf(e.getMessage());
            }
        });
        reader.setDaemon(true);
        reader.start();
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new ImageException("it takes longer than " + patience.toSeconds() + " s");
        }
        reader.join(TimeUnit.SECONDS.toMillis(10));
        if (process.exitValue() != 0) {
            throw new ImageException(last[0].isEmpty() ? "exit status " + process.exitValue() : last[0]);
        }
    }
}
