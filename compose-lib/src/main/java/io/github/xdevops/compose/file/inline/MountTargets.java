package io.github.xdevops.compose.file.inline;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Paths;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a service's mounts are in its container. A mount below another one is as it was written: Docker mounts the outer one
 * first. Docker creates no container with two mounts in one place, and starts none with a mount below a file.
 */
final class MountTargets {
    private record Place(Node node, KeyPath path, boolean isFile) {}

    private final Map<String, Place> places = new LinkedHashMap<>();

    /**
     * Adds a mount as it was written and as it became.
     *
     * @throws ComposeFileException if another one has the same target
     */
    void add(Node written, KeyPath path, Node made) {
        String target = made.string("target");
        String source = made.string("source");
        if (target != null) {
            add(written, path, target, source != null && source.startsWith("./files/"));
        }
    }

    /** @throws ComposeFileException if a mount is below a file, or a tmpfs of the service has the target of a mount */
    void check(Node service, KeyPath path) {
        int index = 0;
        for (Node tmpfs : service.items("tmpfs")) {
            add(tmpfs, path.key("tmpfs").item(index++), tmpfs.text().split(":", 2)[0], false);
        }
        places.forEach(this::check);
    }

    private void add(Node node, KeyPath path, String target, boolean isFile) {
        String place = Paths.clean(target);
        Place other = places.putIfAbsent(place, new Place(node, path, isFile));
        if (other != null) {
            throw ComposeFileException.at(
                    node, path, place + " is the target of " + other.path() + " as well; change one of them");
        }
    }

    private void check(String target, Place place) {
        for (int at = target.lastIndexOf('/'); at > 0; at = target.lastIndexOf('/', at - 1)) {
            String outer = target.substring(0, at);
            Place other = places.get(outer);
            if (other != null && other.isFile()) {
                throw ComposeFileException.at(
                        place.node(),
                        place.path(),
                        target + " is below " + outer + ", where " + other.path()
                                + " mounts a file; change one of them");
            }
        }
    }
}
