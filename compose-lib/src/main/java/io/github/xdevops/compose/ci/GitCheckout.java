package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads facts about a checkout from git. Without a checkout nothing is known, and git is not started. */
public final class GitCheckout {
    private static final Pattern HOST = Pattern.compile(
            "(?:(?:https?|ssh|git)://(?:[^@/]*@)?([A-Za-z0-9.-]+)[:/].*|(?:[^@/:]*@)?([A-Za-z0-9.-]+):.*)");

    private GitCheckout() {}

    /** The root of the checkout that contains a directory: the nearest parent with a {@code .git}. */
    public static Optional<Path> top(Path directory) {
        for (var here = directory.toAbsolutePath().normalize(); here != null; here = here.getParent()) {
            if (Files.exists(here.resolve(".git"))) {
                return Optional.of(here);
            }
        }
        return Optional.empty();
    }

    /** Reads the checkout that contains this directory. A detached head has no branch, but may have a tag. */
    public static Source read(Path directory) {
        return top(directory).map(GitCheckout::readTop).orElse(new Source("git", Map.of()));
    }

    private static Source readTop(Path top) {
        // All at once, because each takes git as long as the others.
        var head = GitCommand.start(top, "symbolic-ref", "--quiet", "--short", "HEAD");
        var remotes = GitCommand.start(top, "config", "--get-regexp", "^remote\\..*\\.url$");
        var last = GitCommand.start(top, "log", "-1", "--encoding=UTF-8", "--format=%H%n%an");
        var branch = head.output();
        var tag = branch != null
                ? null
                : GitCommand.start(top, "describe", "--tags", "--exact-match", "HEAD")
                        .output();
        var said = last.output();
        var end = said == null ? -1 : said.indexOf('\n');
        var remote = remote(remotes.output());
        return new Findings("git", new Variables(Map.of()))
                .say(
                        Fact.REPOSITORY,
                        remote == null ? null : RepositoryName.of(remote.getValue()),
                        remote == null ? "git" : "git, remote " + remote.getKey())
                .say(Fact.BRANCH, branch, "git")
                .tag(tag, "git")
                .say(Fact.COMMIT, said == null || end < 0 ? said : said.substring(0, end), "git")
                .say(Fact.AUTHOR, said == null || end < 0 ? null : said.substring(end + 1), "git")
                .problem(head.problem())
                .source();
    }

    /** Returns {@code origin}, or the only remote. */
    private static Map.@Nullable Entry<String, String> remote(@Nullable String lines) {
        var all = new LinkedHashMap<String, String>();
        for (var line : lines == null ? new String[0] : lines.split("\n")) {
            var blank = line.indexOf(' ');
            if (blank > 0) {
                all.putIfAbsent(line.substring("remote.".length(), blank - ".url".length()), line.substring(blank + 1));
            }
        }
        var origin = all.get("origin");
        if (origin != null) {
            return Map.entry("origin", origin);
        }
        return all.size() == 1 ? all.entrySet().iterator().next() : null;
    }

    /** The first line of a commit's message; empty if the checkout has no such commit. */
    public static Optional<String> subject(Path directory, String commit) {
        return commit.matches("[0-9a-f]{7,64}")
                ? Optional.ofNullable(GitCommand.start(
                                directory, "-c", "log.showSignature=false", "log", "-1", "--format=%s", commit, "--")
                        .output())
                : Optional.empty();
    }

    /** The host of the checkout's remote; empty if there is none or it is a directory. */
    public static Optional<String> remoteHost(Path directory) {
        return top(directory)
                .map(top -> remote(GitCommand.start(top, "config", "--get-regexp", "^remote\\..*\\.url$")
                        .output()))
                .map(remote -> host(remote.getValue()));
    }

    /** The host of a remote, for example {@code gitlab.com} for {@code git@gitlab.com:acme/shop.git}; none for a local path. */
    static @Nullable String host(@Nullable String remote) {
        if (remote == null) {
            return null;
        }
        var parts = HOST.matcher(remote);
        if (!parts.matches()) {
            return null;
        }
        var name = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return name.equals("file") ? null : name.toLowerCase(Locale.ROOT);
    }
}
