package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks git about a directory. Without git, or outside of a checkout, nothing is known. */
public final class GitCheckout {
    private static final Pattern REMOTE = Pattern.compile("(?:[a-z+]+://[^/]+/|[^/:]+:)(.+?)(?:\\.git)?/?");

    private static final Pattern HOST = Pattern.compile(
            "(?:(?:https?|ssh|git)://(?:[^@/]*@)?([A-Za-z0-9.-]+)[:/].*|(?:[^@/:]*@)?([A-Za-z0-9.-]+):.*)");

    private GitCheckout() {}

    /** What the checkout around this directory says; a detached head has no branch, but may be a tag's. */
    public static Source read(Path directory) {
        // All at once, because each takes git as long as the others.
        var head = ask(directory, "symbolic-ref", "--quiet", "--short", "HEAD");
        var remote = ask(directory, "config", "--get", "remote.origin.url");
        var last = ask(directory, "-c", "log.showSignature=false", "log", "-1", "--format=%H%n%an");
        var branch = head.get();
        var tag = branch != null ? null : git(directory, "describe", "--tags", "--exact-match", "HEAD");
        var said = last.get();
        var end = said == null ? -1 : said.indexOf('\n');
        return new Findings("git", new Variables(Map.of()))
                .say(Fact.REPOSITORY, repository(remote.get()), "git, remote origin")
                .say(Fact.BRANCH, branch, "git")
                .tag(tag, "git")
                .say(Fact.COMMIT, said == null || end < 0 ? said : said.substring(0, end), "git")
                .say(Fact.AUTHOR, said == null || end < 0 ? null : said.substring(end + 1), "git")
                .source();
    }

    /** The name of the host that the checkout around this directory was made from; empty where there is none, or a directory. */
    public static Optional<String> remoteHost(Path directory) {
        return Optional.ofNullable(host(git(directory, "config", "--get", "remote.origin.url")));
    }

    /** {@code gitlab.com} of {@code git@gitlab.com:acme/shop.git}; a path on this machine has none. */
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

    /** {@code acme/shop} of {@code git@host:acme/shop.git} and of {@code https://host/acme/shop}. */
    static @Nullable String repository(@Nullable String remote) {
        if (remote == null) {
            return null;
        }
        var parts = REMOTE.matcher(remote);
        return parts.matches() ? parts.group(1) : remote;
    }

    private static @Nullable String git(Path directory, String... arguments) {
        return ask(directory, arguments).get();
    }

    private static Answer ask(Path directory, String... arguments) {
        var command = new ProcessBuilder("git", "-C", directory.toString());
        command.command().addAll(List.of(arguments));
        command.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            var process = command.start();
            process.getOutputStream().close();
            return new Answer(process);
        } catch (IOException e) {
            return new Answer(null);
        }
    }

    /** What git is about to say, if there is a git. */
    private record Answer(@Nullable Process process) {
        @Nullable
        String get() {
            if (process == null) {
                return null;
            }
            try {
                var out = new String(process.getInputStream().readNBytes(10_000), StandardCharsets.UTF_8)
                        .trim(); // git may call a branch so that it ends in a wider blank
                var ended = process.waitFor(10, TimeUnit.SECONDS);
                process.destroyForcibly();
                return ended && process.exitValue() == 0 && !out.isEmpty() ? out : null;
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }
}
