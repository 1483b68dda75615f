package io.github.xdevops.compose.file.inline;

import io.github.xdevops.compose.file.load.ProjectFiles;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads files of the project that travel inside the compose file: text, small, and not one byte from outside the project or of git. */
final class InlinedFiles {

    private static final int MAX_FILES = 200;
    private static final int MAX_BYTES = 1024 * 1024;

    private final Path root;
    private int files;
    private int bytes;

    /**
     * A file that travels.
     *
     * @param name below the asked-for path, empty when that is the file itself
     * @param path relative to the project
     * @param mode its permission bits
     */
    record Carried(String name, String path, String content, long mode) {}

    InlinedFiles(Path directory) {
        try {
            this.root = directory.toRealPath();
        } catch (IOException e) {
            throw ComposeFileException.at(Mark.of(directory.toString()), "the project directory cannot be read");
        }
    }

    /** The file, or all files below the directory; null when there is nothing there, or only empty directories. */
    @Nullable
    List<Carried> find(String name, Node asked, KeyPath path) {
        Path file = Path.of(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isDirectory(file)) {
            return List.of(read(file, "", asked, path));
        }
        inside(file, asked, path);
        List<Carried> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(file)) {
            // No container needs what git has in a checkout, and it would be most of the files.
            for (Path one : all.filter(one -> !ProjectFiles.isOfGit(file.relativize(one)))
                    .sorted()
                    .limit(10L * MAX_FILES)
                    .toList()) {
                boolean placeholder = one.getFileName().toString().equals(".gitkeep");
                if (!Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) && !placeholder) {
                    found.add(read(one, file.relativize(one).toString().replace('\\', '/'), asked, path));
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw ComposeFileException.at(asked, path, "cannot read " + shown(file));
        }
        return found.isEmpty() ? null : found;
    }

    private Carried read(Path file, String name, Node asked, KeyPath path) {
        Path real = inside(file, asked, path);
        if (!Files.isRegularFile(real)) {
            throw ComposeFileException.at(
                    asked, path, shown(file) + " is neither a file nor a directory and cannot be carried");
        }
        try (InputStream in = Files.newInputStream(real)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            bytes += content.length;
            if (bytes > MAX_BYTES || ++files > MAX_FILES) {
                throw ComposeFileException.at(
                        asked,
                        path,
                        "more than " + MAX_FILES + " files or 1 MiB would have to be carried, from " + shown(file)
                                + " on; put them into the image");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw notText(file, asked, path);
            }
            return new Carried(name, shown(file), text, mode(real));
        } catch (CharacterCodingException e) {
            throw notText(file, asked, path);
        } catch (IOException e) {
            throw ComposeFileException.at(asked, path, "cannot read " + shown(file));
        }
    }

    private ComposeFileException notText(Path file, Node asked, KeyPath path) {
        return ComposeFileException.at(
                asked, path, shown(file) + " is not text, and only text can be carried; put it into the image");
    }

    /** Where a name leads, links followed; never out of the project. */
    private Path inside(Path file, Node asked, KeyPath path) {
        try {
            Path real = file.toRealPath();
            Optional<String> objection = ProjectFiles.objectionToGit(root, real);
            if (objection.isPresent()) {
                throw ComposeFileException.at(asked, path, shown(file) + " " + objection.get());
            }
            if (real.startsWith(root)) {
                return real;
            }
        } catch (IOException e) {
            throw ComposeFileException.at(asked, path, "cannot read " + shown(file));
        }
        throw ComposeFileException.at(asked, path, shown(file) + " lies outside the project and cannot be carried");
    }

    private static long mode(Path file) throws IOException {
        try {
            return ((Number) Files.getAttribute(file, "unix:mode")).longValue() & 0777;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Files.isExecutable(file) ? 0755 : 0644;
        }
    }

    private String shown(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(root) ? root.relativize(absolute).toString() : absolute.toString();
    }
}
