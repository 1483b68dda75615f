package io.github.xdevops.compose.it.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command that must succeed, as a process of its own, without the variables that pipelines and git set. */
record Tool(Path directory, Map<String, String> variables, File input, List<String> command) {
    static final File NOTHING = new File("/dev/null");

    static Tool in(Path directory, String... command) {
        return new Tool(directory, Map.of(), NOTHING, List.of(command));
    }

    /** The same with more words at the end. */
    Tool with(List<String> words) {
        var all = new ArrayList<>(command);
        all.addAll(words);
        return new Tool(directory, variables, input, List.copyOf(all));
    }

    /** Runs it and returns what it printed. */
    String run() {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input)
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("CI") || name.startsWith("GIT") || name.equals("DOCKER_HOST"));
        builder.environment().putAll(variables);
        try {
            var process = builder.start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ":\n" + out);
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
