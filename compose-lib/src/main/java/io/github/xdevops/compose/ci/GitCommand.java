package io.github.xdevops.compose.ci;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A read-only call of git. A checkout may come from anyone, so git runs no program from its configuration, opens no connection,
 * and accepts only a directory named {@code .git} as a repository.
 */
final class GitCommand {
    private static final List<String> FIXED = List.of(
            "--no-pager",
            "-c",
            "safe.bareRepository=explicit",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.sshCommand=false",
            "-c",
            "protocol.allow=never",
            "-c",
            "log.showSignature=false",
            "-c",
            "log.mailmap=false");
    private static final int LONGEST = 100_000;
    private static final String ABSENT = "there is a checkout here, but git is not in the PATH";

    private final @Nullable Process process;
    private @Nullable String problem;

    private GitCommand(@Nullable Process process) {
        this.process = process;
        this.problem = process == null ? ABSENT : null;
    }

    /** @param top a directory with a {@code .git} */
    static GitCommand start(Path top, String... arguments) {
        var git = program();
        if (git == null) {
            return new GitCommand(null);
        }
        var words = new ArrayList<>(List.of(git.toString(), "-C", top.toString()));
        words.addAll(FIXED);
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words);
        var variables = builder.environment();
        // Set by git where it runs Maven as a hook, of another repository perhaps.
        variables
                .keySet()
                .removeAll(List.of(
                        "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"));
        var parent = top.getParent();
        variables.put("GIT_CEILING_DIRECTORIES", parent == null ? "/" : parent.toString());
        variables.put("GIT_ALLOW_PROTOCOL", "");
        variables.put("GIT_NO_LAZY_FETCH", "1");
        variables.put("GIT_OPTIONAL_LOCKS", "0");
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("LC_ALL", "C");
        try {
            var process = builder.start();
            process.getOutputStream().close();
            return new GitCommand(process);
        } catch (IOException e) {
            return new GitCommand(null);
        }
    }

    /**
     * Finds git outside of the checkout: relative directories of the PATH are skipped, and Windows would search the current
     * directory first.
     */
    private static @Nullable Path program() {
        var path = System.getenv("PATH");
        for (var directory : path == null ? new String[0] : path.split(File.pathSeparator)) {
            for (var name : List.of("git", "git.exe")) {
                var found = new File(directory, name);
                if (found.isAbsolute() && found.isFile() && found.canExecute()) {
                    return found.toPath();
                }
            }
        }
        return null;
    }

    /** The output; {@code null} if it is empty or git fails. */
    @Nullable
    String output() {
        if (process == null) {
            return null;
        }
        try {
            var bytes = process.getInputStream().readNBytes(LONGEST);
            if (bytes.length == LONGEST) {
                process.destroyForcibly(); // or it would wait for somebody to read on
            }
            var out = text(bytes);
            var error = text(process.getErrorStream().readNBytes(LONGEST));
            var ended = process.waitFor(10, TimeUnit.SECONDS);
            process.destroyForcibly();
            var good = ended && process.exitValue() == 0;
            problem = good || error.isEmpty()
                    ? null
                    : error.replaceFirst("^fatal: ", "").replaceAll("[\\s\\p{Cntrl}]+", " ");
            return good && !out.isEmpty() ? out : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The reason for which git failed; {@code null} if there is none. Call {@link #output()} first. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Git can return a branch name that ends in a non-ASCII blank. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).trim();
    }
}
