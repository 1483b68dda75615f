package io.github.xdevops.compose.render;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Home;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.secret.MaskedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A finished stack: one self-contained compose file and all that a server has to know to run it. Nothing of it needs a
 * server to be made.
 *
 * @param project the project's name on the server: {@code [a-z0-9][a-z0-9_-]*}, at most 63 characters, and no two
 *     underscores in a row: routers of one project are told apart with them
 * @param environment whose it is
 * @param lifetime how long it lives after this deploy
 * @param home where it lives on the server, or {@code null} for a review
 * @param endpoints where it can be opened; the first is the one to show
 * @param networks how many networks its first deploy makes
 * @param proxyNetwork a network on the server to which what has a URL is attached, because Traefik is there; {@code null}
 *     where Traefik reaches the stack's own
 * @param text the compose file
 * @param files what its services mount of the project, and their configs and secrets
 * @param warnings what a reader of the log should know; one line each
 * @param secrets values in the compose file that no log may show
 */
public record Stack(
        String project,
        Environment environment,
        Lifetime lifetime,
        @Nullable Home home,
        List<Endpoint> endpoints,
        int networks,
        @Nullable String proxyNetwork,
        String text,
        List<MountedFiles> files,
        List<String> warnings,
        Set<String> secrets) {
    private static final Pattern PROJECT = Pattern.compile("(?!.*__)[a-z0-9][a-z0-9_-]{0,62}");

    /** @throws ComposeException if the project's name is not acceptable */
    public Stack {
        checkProject(project);
        endpoints = List.copyOf(endpoints);
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
        secrets = Set.copyOf(secrets);
    }

    /** Begins a stack from the compose files in a directory. */
    public static StackBuilder in(Path directory) {
        return new StackBuilder(directory);
    }

    /** The compose file as people may see it: with *** for secrets, and for every value whose key sounds like one. */
    public String maskedText() {
        return MaskedText.of(text, secrets);
    }

    public static String checkProject(String project) {
        if (!PROJECT.matcher(project).matches()) {
            throw ComposeException.usage("The project's name `" + project
                    + "` must begin with a-z or 0-9, have at most 63 of a-z, 0-9, - and _, and no two _ in a row;"
                    + " leave it out, and it is made from the branch");
        }
        return project;
    }

    /** Names the stack, without its compose file and its secrets. */
    @Override
    public String toString() {
        return "Stack[project=" + project + ", endpoints=" + endpoints + ", lifetime=" + lifetime.word() + "]";
    }
}
