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
 * A rendered stack: one self-contained compose file and the metadata that a server needs to run it. Rendering needs no server.
 *
 * @param project the project's name on the server: {@code [a-z0-9][a-z0-9_-]*}, at most 63 characters, and no two underscores in
 *     a row: routers of one project are told apart with them
 * @param environment the environment that it belongs to
 * @param lifetime the lifetime from this deploy on
 * @param home the directory of a persistent stack on the server, or {@code null}
 * @param endpoints its public URLs; the first is the main one
 * @param networks the number of networks that its first deploy creates
 * @param proxyNetwork the network that services with a URL share with Traefik; {@code null} if Traefik reaches the stack's own
 *     network
 * @param text the compose file
 * @param files the files, configs and secrets that its services mount
 * @param warnings warnings for the log, one line each
 * @param secrets values that no log may show
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

    /** Starts a stack from the compose files in a directory. */
    public static StackBuilder in(Path directory) {
        return new StackBuilder(directory);
    }

    /** The compose file with secrets masked: *** replaces secrets, and every value whose key sounds like one. */
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

    /** Names the stack, without its compose file and secrets. */
    @Override
    public String toString() {
        return "Stack[project=" + project + ", endpoints=" + endpoints + ", lifetime=" + lifetime.word() + "]";
    }
}
