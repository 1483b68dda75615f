package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.ExitWord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where results go that another program may read: plain standard output, also with {@code -q}, or a file. */
final class Console {
    private Console() {}

    static void print(String text) {
        PrintStream out = System.out;
        out.print(text.endsWith("\n") ? text : text + "\n");
        out.flush();
    }

    static void write(Path file, String text) {
        try {
            var parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, text.endsWith("\n") ? text : text + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ComposeException(ExitWord.IOERR, "Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
