package io.github.xdevops.compose.file.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Decides which files the authors of a project may read, links resolved. A reason continues a sentence that begins with the
 * file's name.
 */
public final class ProjectFiles {
    private ProjectFiles() {}

    /** The reason why a file is not part of the project. */
    public static Optional<String> objection(Path directory, Path file) {
        try {
            return file.toRealPath().startsWith(directory.toRealPath())
                    ? objectionToGit(directory, file)
                    : Optional.of("lies outside the project directory, which is not allowed here");
        } catch (IOException e) {
            return Optional.of("cannot be found on the disk");
        }
    }

    /** The reason why a file inside a {@code .git} is refused. A {@code .git} in the project's own path does not count. */
    public static Optional<String> objectionToGit(Path directory, Path file) {
        try {
            var real = file.toRealPath();
            var root = directory.toRealPath();
            return isOfGit(real.startsWith(root) ? root.relativize(real) : real)
                    ? Optional.of("belongs to git, which keeps the pipeline's tokens there, and is not read")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot be found on the disk");
        }
    }

    public static boolean isOfGit(Path way) {
        return StreamSupport.stream(way.spliterator(), false)
                .anyMatch(name -> name.toString().equalsIgnoreCase(".git"));
    }
}
