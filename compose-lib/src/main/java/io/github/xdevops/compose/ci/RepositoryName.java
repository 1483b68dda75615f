package io.github.xdevops.compose.ci;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Derives one name for a repository from each of its remotes and from the pipeline: {@code acme/shop} from
 * {@code git@host:Acme/Shop.git} and from {@code https://host/acme/shop}.
 */
public final class RepositoryName {
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)/+(.+)");
    private static final Pattern SCP = Pattern.compile("([^/:]+):/*(.+)");
    /** Paths below which a forge may be installed on its host. Its SSH URLs do not contain them. */
    private static final Set<String> BELOW = Set.of("bitbucket", "forgejo", "git", "gitea", "gitlab", "gogs", "stash");

    private RepositoryName() {}

    /** The spelling used for environments. Forges ignore the case of repository names. */
    public static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Derives the name from a remote's URL; a directory is its own name. */
    static @Nullable String of(@Nullable String remote) {
        if (remote == null) {
            return null;
        }
        var url = URL.matcher(remote);
        var scp = SCP.matcher(remote);
        if (url.matches()) {
            return url.group(1).equalsIgnoreCase("file")
                    ? trimmed(url.group(3))
                    : named(
                            url.group(2),
                            trimmed(url.group(3)),
                            url.group(1).toLowerCase(Locale.ROOT).startsWith("http"));
        }
        return scp.matches() ? named(scp.group(1), trimmed(scp.group(2)), false) : remote;
    }

    private static String named(String authority, String path, boolean http) {
        var host =
                authority.replaceFirst("^.*@", "").replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        var parts = Arrays.stream(path.split("/+")).map(RepositoryName::decoded).toList();
        var azure = azure(host, parts);
        if (azure != null) {
            return azure;
        }
        var below = http && !host.endsWith("github.com") && !host.endsWith("gitlab.com");
        if (below && parts.size() > 2 && BELOW.contains(parts.get(0).toLowerCase(Locale.ROOT))) {
            parts = parts.subList(1, parts.size());
        }
        // Bitbucket Server has this in the addresses of HTTP only.
        if (below && parts.size() == 3 && parts.get(0).equalsIgnoreCase("scm")) {
            parts = parts.subList(1, parts.size());
        }
        return normalized(String.join("/", parts));
    }

    /** Azure's pipelines use {@code PROJECT/REPOSITORY}. If both have the same name, URLs may contain it only once. */
    private static @Nullable String azure(String host, List<String> parts) {
        var repository = parts.get(parts.size() - 1);
        if (parts.size() == 4 && parts.get(0).matches("v[0-9]+") && host.matches("(vs-)?ssh\\..*")) {
            return normalized(parts.get(2) + "/" + repository);
        }
        var mark = parts.indexOf("_git");
        if (mark < 0 || mark == parts.size() - 1) {
            return null;
        }
        var organization = host.equals("dev.azure.com") ? 1 : 0;
        var project = mark <= organization || parts.get(mark - 1).equalsIgnoreCase("DefaultCollection")
                ? repository
                : parts.get(mark - 1);
        return normalized(project + "/" + repository);
    }

    private static String trimmed(String path) {
        return path.replaceFirst("/+$", "").replaceFirst("\\.git$", "");
    }

    /** Decodes escapes such as {@code %20}. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part; // a percent sign that is one
        }
    }
}
