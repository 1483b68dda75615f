package io.github.xdevops.compose.file;

import io.github.xdevops.compose.file.load.ComposeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a project for a test. */
record Projects(Path directory) {

    Projects with(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ComposeFile load() {
        return ComposeFile.load(ComposeSource.in(directory));
    }

    /** The emitted text of one service {@code web} with an image and these further lines. */
    static ComposeFile web(String lines) {
        return ComposeFile.parse("services:\n  web:\n    image: a\n" + lines.indent(4), "compose.yaml");
    }
}
