package io.github.xdevops.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a persistent stack on the server. It shows the compose file and keeps the bind mounts below it.
 *
 * @param path absolute, of letters, digits, {@code .}, {@code _}, {@code -} and {@code /}
 * @param directories directories to create before services start, each as {@code path:uid:gid:mode}
 */
public record Home(String path, List<String> directories) {
    /** The label by which services request directories; commas separate several. */
    static final String LABEL = "io.yourlabs.compose.mkdir";

    private static final Pattern PATH = Pattern.compile("(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)+");
    private static final Pattern DIRECTORY =
            Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._/-]{0,200}:[0-9]{1,10}:[0-9]{1,10}:0?[0-7]{3}");

    /** @throws ComposeException if the path or a directory is not acceptable */
    public Home {
        if (!PATH.matcher(path).matches()) {
            throw ComposeException.usage(
                    "compose.home = `" + path + "` must be an absolute path of a-z, 0-9, ., _, - and /");
        }
        directories = List.copyOf(directories);
        for (var directory : directories) {
            if (!DIRECTORY.matcher(directory).matches() || directory.contains("..")) {
                throw ComposeException.data("The label " + LABEL + " wants path:uid:gid:mode below the home, as in"
                        + " data:999:999:0750, and says `" + directory + "`");
            }
        }
    }

    /** Creates a home from a path and the directories that the services of a stack request. */
    public static Home of(String path, Map<String, @Nullable Object> tree) {
        var wanted = new ArrayList<String>();
        if (tree.get("services") instanceof Map<?, ?> services) {
            for (var service : services.values()) {
                if (service instanceof Map<?, ?> definition
                        && definition.get("labels") instanceof Map<?, ?> labels
                        && labels.get(LABEL) instanceof String text) {
                    for (var one : text.split(",")) {
                        var plain = one.strip();
                        wanted.add(plain.startsWith("./") ? plain.substring(2) : plain);
                    }
                }
            }
        }
        return new Home(path, wanted.stream().distinct().toList());
    }
}
