package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an SSH key may do on a server whose owner does not trust who holds it: deploy, list, read the logs of, extend and take down environments,
 * within these bounds and the server's policy, and nothing else.
 *
 * @param repository whose environments, as in {@link Environment#repository()}; {@code null} for any
 * @param projects patterns of project names, where {@code *} is anything; empty for any
 * @param hosts patterns of host names that may be claimed; empty for any
 * @param persistent whether what is deployed may stay for ever, and whether that may be taken down
 * @param home the directory on the server below which homes may lie, or {@code null} for none
 * @param exec whether it may run commands in containers of these environments: with their secrets, and all that they reach
 * @param proxies patterns of the networks shared with Traefik that its environments may be attached to; empty for none
 */
public record Gate(
        @Nullable String repository,
        List<String> projects,
        List<String> hosts,
        boolean persistent,
        @Nullable String home,
        boolean exec,
        List<String> proxies) {
    private static final Pattern PROXIES = Pattern.compile("[a-zA-Z0-9*._-]+");
    private static final Pattern PROJECTS = Pattern.compile("[a-z0-9*_-]+");
    private static final Pattern HOSTS = Pattern.compile("[a-z0-9*.-]+");
    private static final Pattern HOME = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    /** @throws ComposeException if it names neither a repository nor projects, or a pattern or directory is not acceptable */
    public Gate {
        projects = checked("project", PROJECTS, projects);
        hosts = checked("host", HOSTS, hosts);
        proxies = checked("network", PROXIES, proxies);
        if (repository == null && projects.isEmpty()) {
            throw ComposeException.usage(
                    "A gate leads to the environments of a repository, or to projects; name one of them");
        }
        if (home != null) {
            checked("home", HOME, List.of(home));
        }
    }

    /** What the server's script understands. */
    public List<String> words() {
        var words = new ArrayList<String>();
        if (repository != null) {
            words.add("repository=" + Environment.of(repository, "any").repositoryHash());
        }
        if (!projects.isEmpty()) {
            words.add("projects=" + String.join(",", projects));
        }
        if (!hosts.isEmpty()) {
            words.add("hosts=" + String.join(",", hosts));
        }
        if (persistent) {
            words.add("persistent=yes");
        }
        if (home != null) {
            words.add("home=" + home);
        }
        if (exec) {
            words.add("exec=yes");
        }
        if (!proxies.isEmpty()) {
            words.add("proxies=" + String.join(",", proxies));
        }
        return words;
    }

    private static List<String> checked(String what, Pattern accepted, List<String> values) {
        for (var value : values) {
            if (!accepted.matcher(value).matches()) {
                throw ComposeException.usage("The gate's " + what + " `" + value + "` must match " + accepted);
            }
        }
        return List.copyOf(values);
    }
}
