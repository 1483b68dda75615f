package io.github.xdevops.compose.it;

import io.github.xdevops.compose.corpus.Answer;
import io.github.xdevops.compose.corpus.Answer.Refused;
import io.github.xdevops.compose.corpus.Answer.Resolved;
import io.github.xdevops.compose.corpus.Portable;
import io.github.xdevops.compose.corpus.Reading;
import io.github.xdevops.compose.file.ComposeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real {@code docker-compose}; what it is asked needs no engine. */
final class Oracle {
    private final Path binary;
    private final String version;
    private final boolean createsHostPaths;

    Oracle(Path binary) {
        this.binary = binary;
        // Without what Debian adds to it.
        version = run(Path.of("."), List.of("version", "--short"), Map.of())
                .out()
                .strip()
                .replaceFirst("^v?([0-9.]+).*", "$1");
        createsHostPaths = !version.startsWith("2.26.");
    }

    String version() {
        return version;
    }

    /** What {@code docker compose config} makes of a project, told as we would tell it. */
    Answer config(Path directory, List<String> arguments, Map<String, String> variables) {
        return config(directory, directory, arguments, variables);
    }

    private Answer config(Path directory, Path origin, List<String> arguments, Map<String, String> variables) {
        var yaml = config("yaml", directory, arguments, variables);
        if (yaml.code() != 0) {
            return new Refused(Portable.text(reason(yaml.error()), origin) + "\n");
        }
        Map<String, Object> tree = Answer.read(known(printed(yaml, directory, origin)));
        // Compose's YAML loses a line break at the start of a block; its JSON does not.
        if (yaml.out().contains("|")) {
            var json = config("json", directory, arguments, variables);
            tree = Canonical.withStringsOf(Answer.read(printed(json, directory, origin)), tree);
        }
        return new Resolved(Portable.map(Canonical.of(tree, createsHostPaths), origin));
    }

    /** What it makes of our text of a project from a directory; the text needs neither a variable nor another file. */
    Answer reads(ComposeFile file, Path origin) {
        try {
            var alone = Files.createTempDirectory("written");
            var text = Files.writeString(alone.resolve("compose.yaml"), file.text());
            var answer = config(alone, origin, List.of("--profile", "*"), Map.of());
            Files.delete(text);
            Files.delete(alone);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Output config(String format, Path directory, List<String> arguments, Map<String, String> variables) {
        var command = new ArrayList<>(List.of("-p", Reading.PROJECT));
        command.addAll(arguments);
        command.addAll(List.of("config", "--format", format));
        return run(directory, command, variables);
    }

    /** Its output, where what our text names relative to itself is so again. */
    private static String printed(Output output, Path directory, Path origin) {
        return directory.equals(origin) ? output.out() : output.out().replace(directory + "/", "./");
    }

    private record Output(int code, String out, String error) {}

    private Output run(Path directory, List<String> arguments, Map<String, String> variables) {
        var command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(arguments);
        try {
            var out = Files.createTempFile("compose", ".out");
            var error = Files.createTempFile("compose", ".err");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(error.toFile());
            builder.environment().clear();
            builder.environment().putAll(variables);
            builder.environment().put("HOME", System.getProperty("user.home"));
            builder.environment().put("PATH", System.getenv("PATH"));
            var process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " hangs in " + directory);
            }
            var output = new Output(process.exitValue(), Files.readString(out), Files.readString(error));
            Files.delete(out);
            Files.delete(error);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Without warnings, and without the stack of a crash. */
    private static String reason(String error) {
        var lines = error.lines().filter(line -> !line.startsWith("time=")).toList();
        return lines.get(0).startsWith("panic:")
                ? lines.get(0)
                : String.join("\n", lines).strip();
    }

    /** Go writes two escapes of YAML that our reader of the answer does not know. */
    private static String known(String text) {
        return text.replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\L", "$1\\\\u2028")
                .replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\P", "$1\\\\u2029");
    }
}
