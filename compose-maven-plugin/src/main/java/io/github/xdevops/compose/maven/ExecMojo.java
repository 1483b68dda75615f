package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a running container of an environment, by its {@code sh}, without a terminal and without input, and fails if the
 * command does. Needs neither a checkout nor a POM.
 *
 * <p>Example: {@code mvn compose:exec -Dcompose.host=deploy@ci.example.com -Dcompose.service=web -Dcompose.command="ls -l /data"}
 */
@Mojo(name = "exec", requiresProject = false, aggregator = true, threadSafe = true)
public final class ExecMojo extends EnvironmentMojo {
    /** The service. */
    @Parameter(property = "compose.service")
    private @Nullable String service;

    /** The command, as {@code sh -c} takes it. */
    @Parameter(property = "compose.command")
    private @Nullable String command;

    /** How long the command may take. */
    @Parameter(property = "compose.timeout", defaultValue = "10m")
    private String timeout = "10m";

    @Override
    void run() throws MojoFailureException {
        if (service == null || command == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "No command, or no service, given. Set for example -Dcompose.service=web -Dcompose.command=\"ls -l\"");
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
