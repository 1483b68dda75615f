package io.github.xdevops.compose.maven.image;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.image.ImageSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The image that a module of this build made.
 *
 * @param module its artifactId
 * @param archive the image itself, where it was built as a file
 * @param id what Docker calls it, where the build wrote that down: {@code sha256:…}
 * @param name what a server pulls, if it can be pulled: with a digest where the build wrote down what it pushed
 */
public record ModuleImage(
        String module,
        @Nullable Path archive,
        @Nullable String id,
        @Nullable String name) {
    /** What it is called in a compose file, to be pulled. */
    public String pulled() {
        if (name == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "The image of the module " + module + " is " + (archive == null ? id : archive)
                            + ", which a server cannot pull; set -Dcompose.images=transfer, or push it");
        }
        return name;
    }

    /** Where it is on this machine; nothing if only a registry has it. */
    public Optional<ImageSource> here() {
        if (archive != null) {
            return Optional.of(ImageSource.archive(archive));
        }
        var found = Stream.of(Optional.ofNullable(id), Optional.ofNullable(name))
                .flatMap(Optional::stream)
                .map(ImageSource::docker)
                .flatMap(Optional::stream)
                .findFirst();
        if (found.isEmpty() && name == null) {
            throw new ComposeException(
                    Outcome.DATA,
                    "The image " + id + " of the module " + module
                            + " is not in the Docker of this machine any more; build it again");
        }
        return found;
    }
}
