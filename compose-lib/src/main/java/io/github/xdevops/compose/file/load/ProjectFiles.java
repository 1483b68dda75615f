package io.github.xdevops.compose.file.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Says which files those who write a project may read, wherever links lead; why not, in words that follow the file's name. */
public final class ProjectFiles {
    private ProjectFiles() {}

    /** What speaks against a file that has to be the project's own. */
    public static Optional<String> objection(Path directory, Path file) {
        try {
            return file.toRealPath().startsWith(directory.toRealPath())
                    ? objectionToGit(directory, file)
                    : Optional.of("lies outside the project directory, which is not allowed here");
        } catch (IOException e) {
            return Optional.of("cannot be found on the disk");
        }
    }

    /** What speaks against a file that lies in a {@code .git}, or is one; the way to the project itself does not count. */
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
