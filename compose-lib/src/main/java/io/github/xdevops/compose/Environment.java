package io.github.xdevops.compose;

import io.github.xdevops.compose.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The target of a deploy: an environment of a repository, either of a branch or with its own name. Repository, name and kind are
 * its identity; a record on a server with another identity is never touched.
 *
 * @param repository the repository as its host calls it, for example {@code acme/shop}
 * @param name the branch, for example {@code feature/login}, or the environment's own name, for example {@code staging}
 * @param named whether the name is the environment's own; an environment {@code staging} differs from that of a branch
 *     {@code staging}
 * @param revision what is deployed there
 */
public record Environment(String repository, String name, boolean named, Revision revision) {
    private static final int LONGEST = 1000;

    /** @throws ComposeException if repository or name are empty, longer than 1000 characters or contain NUL, or what could not be read */
    public Environment {
        check("repository", repository);
        check("environment's name", name);
    }

    /** The environment of a branch. */
    public Environment(String repository, String branch, Revision revision) {
        this(repository, branch, false, revision);
    }

    /** The environment of a branch; nothing but its identity is known. */
    public static Environment of(String repository, String branch) {
        return new Environment(repository, branch, Revision.UNKNOWN);
    }

    /** An environment with its own name; nothing but its identity is known. */
    public static Environment named(String repository, String name) {
        return new Environment(repository, name, true, Revision.UNKNOWN);
    }

    /** The project's name on a server and, by default, the label of its URL. */
    public String slug() {
        return named ? Slug.ofNamed(repository, name) : Slug.of(repository, name);
    }

    public String identity() {
        return named ? Slug.identityOfNamed(repository, name) : Slug.identity(repository, name);
    }

    /** A hash that is equal for all environments of the same repository: 64 hexadecimal digits. */
    public String repositoryHash() {
        return HexFormat.of().formatHex(Sha256.of(repository));
    }

    private static void check(String what, String value) {
        if (value.isBlank() || value.length() > LONGEST || value.indexOf(0) >= 0) {
            throw ComposeException.usage("The " + what + " must have 1 to " + LONGEST + " characters");
        }
        // Java's mark for what it could not read: names that differ there would be one.
        if (value.indexOf('\uFFFD') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw ComposeException.usage(
                    "The " + what + " `" + value + "` has characters that Java could not read, so two names may"
                            + " look the same; set LC_ALL=C.UTF-8 where Maven runs, or set a plain name with"
                            + " compose.repository or compose.environment");
        }
    }
}
