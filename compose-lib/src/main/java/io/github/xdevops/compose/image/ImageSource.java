package io.github.xdevops.compose.image;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.server.Stacks;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The location of an image of this build, for the transfer to a server. Two are equal if their locations are equal. */
public final class ImageSource {
    public static final LocalDocker DOCKER = new LocalDocker();
    private static final Pattern PART_OF_ID = Pattern.compile("sha256:.*|[0-9a-fA-F]+");
    private static final Pattern WHOLE_ID = Pattern.compile("sha256:[0-9a-f]{64}");

    private final String name;
    private final @Nullable Path archive;
    private final LocalDocker.@Nullable Known known;

    private ImageSource(String name, @Nullable Path archive, LocalDocker.@Nullable Known known) {
        this.name = name;
        this.archive = archive;
        this.known = known;
    }

    /** A file of {@code docker save} or Jib's {@code buildTar} with one image. It is not read yet. */
    public static ImageSource archive(Path file) {
        return new ImageSource(file.toString(), file, null);
    }

    /**
     * An image in the local Docker, which is found like the command {@code docker} finds it.
     *
     * @param name a name with a tag or digest, or a whole ID
     * @return empty if Docker has no such image
     * @throws ComposeException {@code DATA} if the name could be a part of an ID, {@code UNAVAIL} if Docker does not answer
     */
    public static Optional<ImageSource> docker(String name) {
        if (PART_OF_ID.matcher(name).matches() && !WHOLE_ID.matcher(name).matches()) {
            throw ComposeException.data("The image `" + name + "` could be any image whose ID begins so; write " + name
                    + ":latest for the name, or the whole sha256:… ID");
        }
        try {
            return DOCKER.find(name).map(known -> new ImageSource(name, null, known));
        } catch (ImageException e) {
            throw new ComposeException(Outcome.UNAVAIL, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The image ID, {@code sha256:…}. Engines with containerd's image store have other IDs; {@link Stacks#imageIds} returns those
     * of a server.
     *
     * @throws ComposeException {@code DATA} if the file cannot be read
     */
    public String id() {
        if (known != null) {
            return "sha256:" + known.id();
        }
        try (var file = ImageArchive.open(Objects.requireNonNull(archive))) {
            return "sha256:" + file.id();
        } catch (ImageException e) {
            throw new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    @Nullable
    public Path archive() {
        return archive;
    }

    public LocalDocker.@Nullable Known known() {
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageSource that
                && name.equals(that.name)
                && Objects.equals(archive, that.archive)
                && Objects.equals(known, that.known);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, archive, known);
    }

    /** The file or the image name. */
    @Override
    public String toString() {
        return name;
    }
}
