package io.github.xdevops.compose.maven.console;

import static java.util.Objects.requireNonNull;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes results for other programs: to plain standard output, also with {@code -q}, or to a file. */
public final class Console {
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true);

    private Console() {}

    /** The real standard output: Maven 4 replaces it, adds a prefix to each line, and waits for the end of the line. */
    public static PrintStream out() {
        return isMavens(System.out) ? OUT : System.out;
    }

    /** The real standard error. */
    public static PrintStream err() {
        return isMavens(System.err) ? ERR : System.err;
    }

    private static boolean isMavens(PrintStream stream) {
        return stream.getClass().getName().startsWith("org.apache.maven.");
    }

    /** Stops Debian's Maven 3.8 from ending its output with an escape sequence, which would be part of {@code $(mvn -q …)}. */
    public static void leaveColoursAlone() {
        for (var stream : new PrintStream[] {System.out, System.err}) {
            try {
                stream.getClass()
                        .getMethod("setResetAtUninstall", boolean.class)
                        .invoke(stream, false);
            } catch (ReflectiveOperationException e) {
                // not Jansi's stream
            }
        }
    }

    /** Prints text for people. */
    public static void print(String text) {
        write(Printable.text(text));
    }

    /** Prints JSON, or YAML with quoted strings, whose meaning stays the same. */
    public static void printData(String document) {
        write(Printable.quoted(document));
    }

    /** Prints a pipeline command unchanged. It must not contain foreign text. */
    public static void printCommand(String line) {
        write(line);
    }

    private static void write(String text) {
        var out = out();
        out.print(text.endsWith("\n") ? text : text + "\n");
        out.flush();
    }

    /** Writes a file that is private from its first byte; a readable older one is replaced. */
    public static void writePrivately(Path file, String text) {
        try {
            var place = file.toAbsolutePath();
            var parent = requireNonNull(place.getParent(), "a file has a directory");
            Files.createDirectories(parent);
            // Created with private permissions, if the file system has any.
            var arriving = Files.createTempFile(parent, ".compose", null);
            try {
                Files.writeString(arriving, text.endsWith("\n") ? text : text + "\n", StandardCharsets.UTF_8);
                Files.move(arriving, place, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(arriving);
            }
        } catch (IOException e) {
            throw new ComposeException(Outcome.IOERR, "Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    public static void write(Path file, String text) {
        write(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    public static void append(Path file, String text) {
        write(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void write(Path file, String text, StandardOpenOption... how) {
        try {
            var parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, text.endsWith("\n") ? text : text + "\n", StandardCharsets.UTF_8, how);
        } catch (IOException e) {
            throw new ComposeException(Outcome.IOERR, "Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
