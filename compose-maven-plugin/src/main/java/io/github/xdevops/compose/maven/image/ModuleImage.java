package io.github.xdevops.compose.maven.image;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.image.ImageSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The image that a module of this build has built.
 *
 * @param module its artifactId
 * @param archive the image, if it was built as a file
 * @param id its ID in Docker if the build recorded it: {@code sha256:…}
 * @param name its name if it can be pulled: with a digest if the build recorded it
 */
public record ModuleImage(
        String module,
        @Nullable Path archive,
        @Nullable String id,
        @Nullable String name) {
    /** The image name for a compose file, to be pulled. */
    public String pulled() {
        if (name == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "The image of the module " + module + " is " + (archive == null ? id : archive)
                            + ", which a server cannot pull; set -Dcompose.images=transfer, or push it");
        }
        return name;
    }

    /** The image on this machine; empty if only a registry has it. */
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
                            + " is no longer in Docker on this machine; build it again");
        }
        return found;
    }
}
