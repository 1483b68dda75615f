package io.github.xdevops.compose.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** The real {@code docker compose config}; it needs no engine. */
final class Oracle {

    /** The project's name in every run, so that names made from it can be told. */
    static final String PROJECT = "agreement";

    private final Path binary;

    Oracle(Path binary) {
        this.binary = binary;
    }

    /**
     * What Compose says.
     *
     * @param tree the resolved file, or null when it refused
     * @param complaint why it refused
     */
    record Answer(@org.jspecify.annotations.Nullable Map<String, Object> tree, String complaint) {}

    Answer config(Path directory, List<String> arguments, Map<String, String> variables, String format) {
        List<String> command = new ArrayList<>(List.of(binary.toString(), "-p", PROJECT));
        command.addAll(arguments);
        command.addAll(List.of("config", "--format", format));
        try {
            Path out = Files.createTempFile("config", ".yaml");
            Path err = Files.createTempFile("config", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(variables);
            builder.environment().put("HOME", System.getProperty("user.home"));
            builder.environment().put("PATH", System.getenv("PATH"));
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("docker compose config hangs in " + directory);
            }
            String text = Files.readString(out, StandardCharsets.UTF_8);
            String complaint = Files.readString(err, StandardCharsets.UTF_8);
            Files.delete(out);
            Files.delete(err);
            return process.exitValue() == 0 ? new Answer(tree(text), complaint) : new Answer(null, complaint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new JsonSchema()).build();
        return (Map<String, Object>) new Load(settings).loadFromString(known(text));
    }

    /** Go writes two escapes of YAML that our reader of the answer does not know. */
    private static String known(String text) {
        return text.replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\L", "$1\\\\u2028")
                .replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\P", "$1\\\\u2029");
    }
}
