package io.github.xdevops.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a persistent stack on the server. It shows the compose file and keeps the bind mounts below it.
 *
 * @param path absolute, of letters, digits, {@code .}, {@code _}, {@code -} and {@code /}
 * @param directories directories to create before services start, each as {@code path:user:group:mode}. User and group are numbers
 *     or names of the server; user, group and mode may be empty: they stay as they are
 */
public record Home(String path, List<String> directories) {
    /** The label by which services request directories; commas separate several. */
    static final String LABEL = "io.yourlabs.compose.mkdir";

    private static final Pattern PATH = Pattern.compile("(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)+");
    private static final String OWNER = "(?:[0-9]{1,10}|[a-z_][a-z0-9_-]{0,31})?";
    private static final Pattern DIRECTORY =
            Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._/-]{0,200}:" + OWNER + ":" + OWNER + ":(?:0?[0-7]{3})?");
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** @throws ComposeException if the path or a directory is not acceptable */
    public Home {
        if (!PATH.matcher(path).matches()) {
            throw ComposeException.usage(
                    "compose.home = `" + path + "` must be an absolute path of a-z, 0-9, ., _, - and /");
        }
        directories = List.copyOf(directories);
        for (var directory : directories) {
            if (!DIRECTORY.matcher(directory).matches() || directory.contains("..")) {
                throw ComposeException.data(
                        "The label " + LABEL + " wants paths below the home, with commas between them and"
                                + " perhaps an owner and a mode, as in ./dump,./data/postgres:999:999:0750, and is `"
                                + directory + "`");
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
                    wanted.addAll(directories(text));
                }
            }
        }
        return new Home(path, wanted.stream().distinct().toList());
    }

    /**
     * The project's name that belongs to a home: its last part, so that {@code docker compose} means the same project there. Empty if
     * that part cannot be one.
     */
    public static Optional<String> projectOf(String path) {
        var last = path.substring(path.lastIndexOf('/') + 1);
        return PROJECT.matcher(last).matches() && !last.endsWith("-") ? Optional.of(last) : Optional.empty();
    }

    /** Reads {@code ./dump,./data/postgres:999:999:0700}: an owner and a mode are those of all paths before them that have none. */
    private static List<String> directories(String label) {
        var paths = new ArrayList<String>();
        var directories = new ArrayList<String>();
        for (var one : label.split(",")) {
            var part = one.strip();
            if (part.isEmpty()) {
                continue;
            }
            var colon = part.indexOf(':');
            var path = colon < 0 ? part : part.substring(0, colon);
            paths.add(path.startsWith("./") ? path.substring(2) : path);
            if (colon >= 0) {
                var words = (part.substring(colon + 1) + "::").split(":", -1);
                var rest = ":" + words[0] + ":" + words[1] + ":" + words[2] + (words.length > 5 ? ":" : "");
                paths.forEach(each -> directories.add(each + rest));
                paths.clear();
            }
        }
        paths.forEach(each -> directories.add(each + ":::"));
        return directories;
    }
}
