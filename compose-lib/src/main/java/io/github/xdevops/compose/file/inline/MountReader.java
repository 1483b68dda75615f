package io.github.xdevops.compose.file.inline;

import io.github.xdevops.compose.file.load.ProjectFiles;
import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedEntry.Attributes;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Mark;
import io.github.xdevops.compose.file.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads mounted files of the project: nothing outside the project, nothing of git, and within limits. */
final class MountReader {

    private static final int MAX_FILES = 10_000;
    private static final int MAX_BYTES = 32 * 1024 * 1024;

    private final Path root;
    private int files;
    private int bytes;

    MountReader(Path directory) {
        try {
            this.root = directory.toRealPath();
        } catch (IOException e) {
            throw ComposeFileException.at(Mark.of(directory.toString()), "the project directory cannot be read");
        }
    }

    /** The target of a file name, links resolved; null if nothing is there. */
    @Nullable
    Path locate(String name, Node asked, KeyPath path) {
        Path file = Path.of(name);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? inside(file, asked, path) : null;
    }

    /** The single entry of a file, or all entries of a directory. */
    List<MountedEntry> read(Path real, Node asked, KeyPath path) {
        try {
            if (Files.isRegularFile(real)) {
                return List.of(file(real, "", asked, path));
            }
            if (Files.isDirectory(real)) {
                return directory(real, asked, path);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw ComposeFileException.at(asked, path, "cannot read " + shown(real) + ": " + e.getMessage());
        }
        throw special(real, asked, path);
    }

    private List<MountedEntry> directory(Path directory, Node asked, KeyPath path) throws IOException {
        List<MountedEntry> found = new ArrayList<>();
        int start = name(directory).length() + 1;
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes) throws IOException {
                // No container needs what git has in a checkout, and it would be most of the files.
                if (ProjectFiles.isOfGit(directory.relativize(one))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                count(0, one, asked, path);
                found.add(MountedEntry.directory(below(one), attributes(one)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path one, BasicFileAttributes attributes) throws IOException {
                if (ProjectFiles.isOfGit(directory.relativize(one))) {
                    return FileVisitResult.CONTINUE;
                }
                if (attributes.isSymbolicLink()) {
                    // As in a mount, the container resolves the link.
                    count(0, one, asked, path);
                    String target = Files.readSymbolicLink(one).toString().replace('\\', '/');
                    found.add(MountedEntry.link(below(one), attributes(one), target));
                } else if (attributes.isRegularFile()) {
                    found.add(file(one, below(one), asked, path));
                } else {
                    throw special(one, asked, path);
                }
                return FileVisitResult.CONTINUE;
            }

            private String below(Path one) {
                return one.equals(directory) ? "" : name(one).substring(start);
            }
        });
        return found;
    }

    /** Takes the name from the URI, which keeps its bytes; the locale may not be able to represent them. */
    private static String name(Path file) {
        String name = file.toUri().getPath();
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    private MountedEntry file(Path file, String name, Node asked, KeyPath path) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            count(content.length, file, asked, path);
            return MountedEntry.file(name, attributes(file), content);
        }
    }

    private void count(int size, Path file, Node asked, KeyPath path) {
        bytes += size;
        if (bytes > MAX_BYTES || ++files > MAX_FILES) {
            throw ComposeFileException.at(
                    asked,
                    path,
                    "the mounted files are more than " + MAX_FILES + ", or more than " + MAX_BYTES / 1024 / 1024
                            + " MiB, from " + shown(file) + " on; put them into the image");
        }
    }

    private ComposeFileException special(Path file, Node asked, KeyPath path) {
        return ComposeFileException.at(
                asked, path, shown(file) + " is neither a file nor a directory, so it cannot be mounted on a server");
    }

    /** The target of a file name, links resolved; fails if it is outside the project. */
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
        throw ComposeFileException.at(
                asked, path, shown(file) + " lies outside the project, so it cannot be mounted on a server");
    }

    private static Attributes attributes(Path file) throws IOException {
        long modified =
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        try {
            return new Attributes((int) unix(file, "mode") & 07777, unix(file, "uid"), unix(file, "gid"), modified);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            boolean runs = Files.isDirectory(file) || Files.isExecutable(file);
            return new Attributes(runs ? 0755 : 0644, 0, 0, modified);
        }
    }

    private static long unix(Path file, String attribute) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS)).longValue();
    }

    private String shown(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(root) ? root.relativize(absolute).toString() : absolute.toString();
    }
}
