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

/** Reads the files of a project, each once, and within limits. */
public final class ProjectReader {

    /** More included and extended files than this are a mistake or an attack. */
    private static final int MAX_FILES = 500;

    /** A file name that commonly means "no file". */
    private static final String NOTHING = "/dev/null";

    private final String directory;
    private final boolean confined;
    private final BinaryOperator<String> templating;
    private final Map<String, byte[]> read = new HashMap<>();

    /** Creates a reader. A confined reader reads nothing outside the directory, even through links. */
    ProjectReader(String directory, boolean confined, BinaryOperator<String> templating) {
        this.directory = directory;
        this.confined = confined;
        this.templating = templating;
    }

    /** The name of a file in messages; relative if it is in the project. */
    public String shown(String file) {
        return file.startsWith(directory + "/") ? file.substring(directory.length() + 1) : file;
    }

    boolean isFile(String file) {
        return Files.isRegularFile(path(file));
    }

    boolean exists(String file) {
        return Files.exists(path(file));
    }

    /** Reads a regular file of limited size. Mark and path name the reference to it in messages. */
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
