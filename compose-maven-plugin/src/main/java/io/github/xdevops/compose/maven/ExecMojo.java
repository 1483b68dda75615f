package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a container, without terminal and input. Fails if the command fails.
 *
 * <p>Example: {@code mvn compose:exec -Dcompose.host=deploy@ci.example.com -Dcompose.service=web -Dcompose.command="ls -l /data"}
 */
@Mojo(name = "exec", requiresProject = false, aggregator = true, threadSafe = true)
public final class ExecMojo extends EnvironmentMojo {
    /** The service. */
    @Parameter(property = "compose.service")
    private @Nullable String service;

    /** The command for {@code sh -c}. */
    @Parameter(property = "compose.command")
    private @Nullable String command;

    /** The time limit of the command. */
    @Parameter(property = "compose.timeout", defaultValue = "10m")
    private String timeout = "10m";

    @Override
    void run() throws MojoFailureException {
        if (service == null || command == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "Set both compose.service and compose.command, for example -Dcompose.service=web -Dcompose.command=\"ls -l\"");
        }
        var limit = duration("compose.timeout", timeout);
        var name = projectName();
        int exit;
        try (var stacks = connect()) {
            exit = stacks.exec(name, service, command, limit, this::print);
        }
        if (exit != 0) {
            // Nothing of ours went wrong, so this is none of the words for how an operation failed.
            throw new MojoFailureException(
                    "EXIT: the command in " + service + " of " + name + " ended with exit status " + exit);
        }
    }
}
