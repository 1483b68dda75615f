package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.maven.console.Console;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Prints the logs of an environment.
 *
 * <p>Example: {@code mvn compose:logs -Dcompose.host=deploy@ci.example.com -Dcompose.service=web -Dcompose.follow=true}
 */
@Mojo(name = "logs", requiresProject = false, aggregator = true, threadSafe = true)
public final class LogsMojo extends EnvironmentMojo {
    /** The service; by default all. */
    @Parameter(property = "compose.service")
    private @Nullable String service;

    /** The number of earlier lines of each container, at most 100000. */
    @Parameter(property = "compose.tail", defaultValue = "100")
    private int tail = 100;

    /** Prints further lines until Ctrl-C or until no container runs, for a day at most. */
    @Parameter(property = "compose.follow", defaultValue = "false")
    private boolean follow;

    @Override
    void run() {
        var name = projectName();
        try (var stacks = connect()) {
            stacks.logs(name, service, tail, follow, this::printed);
        }
    }

    private void printed(String line) {
        print(line);
        if (outputFile() == null && Console.out().checkError()) { // as with `| head`
            throw new ComposeException(Outcome.IOERR, "The output was closed");
        }
    }
}
