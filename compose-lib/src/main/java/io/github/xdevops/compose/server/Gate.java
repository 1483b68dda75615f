package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Restricts an SSH key to a few operations: deploy, list, read the logs of, extend and remove environments, within these limits
 * and the server's policy.
 *
 * @param repository the repository of the environments, see {@link Environment#repository()}; {@code null} for any
 * @param projects patterns of project names, where {@code *} matches anything; empty for any
 * @param hosts patterns of host names that may be claimed; empty for any
 * @param persistent whether it may deploy and remove persistent environments
 * @param home the directory on the server for homes, or {@code null} for none
 * @param exec whether it may run commands in containers of these environments, with access to their secrets and networks
 * @param proxies patterns of networks that its environments may share with Traefik; empty for none
 * @param seeds patterns of persistent projects whose data new environments may be given; empty for none
 */
public record Gate(
        @Nullable String repository,
        List<String> projects,
        List<String> hosts,
        boolean persistent,
        @Nullable String home,
        boolean exec,
        List<String> proxies,
        List<String> seeds) {
    private static final Pattern PROXIES = Pattern.compile("[a-zA-Z0-9*._-]+");
    private static final Pattern PROJECTS = Pattern.compile("[a-z0-9*_-]+");
    private static final Pattern HOSTS = Pattern.compile("[a-z0-9*.-]+");
    private static final Pattern HOME = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    /** @throws ComposeException if it names neither a repository nor projects, or a pattern or directory is not acceptable */
    public Gate {
        projects = checked("project", PROJECTS, projects);
        hosts = checked("host", HOSTS, hosts);
        proxies = checked("network", PROXIES, proxies);
        seeds = checked("seed", PROJECTS, seeds);
        if (repository == null && projects.isEmpty()) {
            throw ComposeException.usage("A gate needs compose.repository or compose.gate.projects");
        }
        if (home != null) {
            checked("home", HOME, List.of(home));
        }
    }

    /** The words for the server's script. */
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
        if (!seeds.isEmpty()) {
            words.add("seeds=" + String.join(",", seeds));
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
