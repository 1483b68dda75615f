package io.github.xdevops.compose.host.ssh;

import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.host.HostException.Fault;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text that was set directly or as a file. Never printed: it may be a private key.
 *
 * @param label its name in messages
 * @param text without a byte order mark, with plain line ends and a final one
 * @param file null for a value
 */
record TextSource(String label, String text, @Nullable Path file) {
    private static final long LARGEST = 64L * 1024 * 1024;

    TextSource {
        text = text.replace("\uFEFF", "")
                        .replace("\r\n", "\n")
                        .replace('\r', '\n')
                        .strip() + "\n";
    }

    /** A direct value. */
    static TextSource value(String what, String text) {
        return new TextSource("the given " + what, text, null);
    }

    /** A file that must exist. */
    static TextSource file(String what, String given, Path home) {
        String name = given.strip();
        Path path;
        try {
            path = name.startsWith("~/") ? home.resolve(name.substring(2)) : Path.of(name);
        } catch (InvalidPathException e) {
            throw neither(what);
        }
        if (!Files.exists(path)) {
            throw neither(what);
        }
        try {
            return read(path);
        } catch (IOException e) {
            throw unreadable(what, path, e);
        }
    }

    /** The error for a value that is neither a text nor a file. It shows no byte of it, which may be a damaged secret. */
    private static HostException neither(String what) {
        return new HostException(
                Fault.USAGE,
                "The value for the " + what
                        + " is not the text of one, and a file of that name does not exist. A text has its line"
                        + " breaks, or is one line of base64 (base64 -w0 FILE); is it cut off?");
    }

    /** Returns a copy with another text. */
    TextSource withText(String other) {
        return new TextSource(label, other, file);
    }

    /** A file that may be missing; if it exists it must be readable. */
    static @Nullable TextSource fileIfThere(String what, Path path) {
        try {
            return read(path);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(what, path, e);
        }
    }

    private static TextSource read(Path path) throws IOException {
        if (Files.exists(path) && (!Files.isReadable(path) || Files.isDirectory(path))) {
            throw new IOException(Files.isDirectory(path) ? "it is a directory" : "permission denied");
        }
        if (Files.size(path) > LARGEST) {
            throw new IOException("it is larger than " + LARGEST + " bytes");
        }
        return new TextSource(path.toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8), path);
    }

    private static HostException unreadable(String what, Path path, IOException e) {
        return new HostException(
                Fault.USAGE,
                "The " + what + " file " + Printable.line(path.toString(), 200) + " cannot be read: "
                        + Printable.line(e.getMessage(), 100),
                e);
    }

    @Override
    public String toString() {
        return label;
    }
}
