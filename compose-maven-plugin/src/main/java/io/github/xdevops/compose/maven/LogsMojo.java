package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.maven.console.Console;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Prints what the services of an environment write. Needs neither a checkout nor a POM.
 *
 * <p>Example: {@code mvn compose:logs -Dcompose.host=deploy@ci.example.com -Dcompose.service=web -Dcompose.follow=true}
 */
@Mojo(name = "logs", requiresProject = false, aggregator = true, threadSafe = true)
public final class LogsMojo extends EnvironmentMojo {
    /** The service; by default all. */
    @Parameter(property = "compose.service")
    private @Nullable String service;

    /** How many lines of each container that were written before, at most 100000. */
    @Parameter(property = "compose.tail", defaultValue = "100")
    private int tail = 100;

    /** Goes on with what they write from now on, until Ctrl-C, or until none runs any more; at most for a day. */
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
            throw new ComposeException(Outcome.IOERR, "Nobody reads the output any more");
        }
    }
}
