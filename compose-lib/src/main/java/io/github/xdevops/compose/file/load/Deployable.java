package io.github.xdevops.compose.file.load;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.tree.KeyPath;
import io.github.xdevops.compose.file.tree.Node;
import io.github.xdevops.compose.file.tree.Warnings;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Refuses documents that Compose would reject only on the server: without an enabled service, or with a name that an unset
 * variable broke.
 */
public final class Deployable {

    private static final KeyPath SERVICES = KeyPath.ROOT.key("services");
    private static final Pattern IMAGE = Pattern.compile("([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*"
            + "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,})?");

    private Deployable() {}

    /**
     * Whether Docker reads this as the name of an image.
     *
     * @param image a name with a tag or digest, or neither
     */
    public static boolean isImage(String image) {
        return IMAGE.matcher(image).matches();
    }

    /**
     * Refuses documents that cannot be deployed anywhere.
     *
     * @param enabled the same document without disabled services
     */
    public static void check(Node document, Node enabled, Warnings warnings) {
        if (enabled.entries("services").isEmpty()) {
            Node services = document.get("services");
            Set<String> profiles = new TreeSet<>();
            document.entries("services")
                    .values()
                    .forEach(service -> service.items("profiles").forEach(profile -> profiles.add(profile.text())));
            throw ComposeFileException.at(
                    services == null ? document : services,
                    SERVICES,
                    profiles.isEmpty()
                            ? "there is no service to deploy"
                            : "no service is enabled; the profiles are: " + String.join(", ", profiles));
        }
        enabled.entries("services").forEach((name, service) -> {
            Node image = service.get("image");
            boolean doubtful = image != null && !warnings.unsetAt(image.mark()).isEmpty();
            if (image != null && doubtful && !isImage(image.text())) {
                throw ComposeFileException.at(
                        image, SERVICES.key(name).key("image"), "`" + image.text() + "` is not an image name");
            }
        });
    }
}
