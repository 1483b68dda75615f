package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Reads the files that a compose file is made of, each once, and none without end. */
public final class ProjectReader {

    /** Includes and extends of more files than this are a mistake, or an attack. */
    private static final int MAX_FILES = 500;

    /** The usual name of a file that has nothing. */
    private static final String NOTHING = "/dev/null";

    private final String directory;
    private final boolean confined;
    private final BinaryOperator<String> templating;
    private final Map<String, byte[]> read = new HashMap<>();

    /** Reads nothing outside the directory when it is confined to it, whatever links say. */
    ProjectReader(String directory, boolean confined, BinaryOperator<String> templating) {
        this.directory = directory;
        this.confined = confined;
        this.templating = templating;
    }

    /** The name of a file in messages: short where it lies in the project. */
    public String shown(String file) {
        return file.startsWith(directory + "/") ? file.substring(directory.length() + 1) : file;
    }

    boolean isFile(String file) {
        return Files.isRegularFile(path(file));
    }

    boolean exists(String file) {
        return Files.exists(path(file));
    }

    /** The bytes of a regular file of bounded size; the mark and path say who asked for it. */
    synchronized byte[] bytes(String file, Mark mark, io.github.xdevops.compose.file.tree.KeyPath path) {
        byte[] known = read.get(file);
        if (known != null) {
            return known;
        }
        if (file.equals(NOTHING)) {
            return new byte[0];
        }
        String name = shown(file);
        if (!exists(file)) {
            throw ComposeFileException.at(mark, path, "there is no file " + name);
        }
        if (!isFile(file)) {
            throw ComposeFileException.at(mark, path, name + " is not a regular file");
        }
        Optional<String> objection = confined
                ? ProjectFiles.objection(Path.of(directory), Path.of(file))
                : ProjectFiles.objectionToGit(Path.of(directory), Path.of(file));
        if (objection.isPresent()) {
            throw ComposeFileException.at(mark, path, name + " " + objection.get());
        }
        if (read.size() >= MAX_FILES) {
            throw ComposeFileException.at(mark, path, "more than " + MAX_FILES + " files");
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(SourceText.MAX_BYTES + 1);
            if (bytes.length > SourceText.MAX_BYTES) {
                throw SourceText.tooLarge(name);
            }
            byte[] text = file.endsWith(".ftl")
                    ? templating
                            .apply(name, new String(bytes, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8)
                    : bytes;
            read.put(file, text);
            return text;
        } catch (IOException e) {
            throw ComposeFileException.at(mark, path, "cannot read " + name + ": " + e.getMessage());
        }
    }

    private Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw ComposeFileException.at(
                    Mark.of(shown(file)), "Maven's locale cannot name this file; set LC_ALL=C.UTF-8 where Maven runs");
        }
    }

    static String parent(String file) {
        int slash = file.lastIndexOf('/');
        return slash <= 0 ? "/" : file.substring(0, slash);
    }
}
