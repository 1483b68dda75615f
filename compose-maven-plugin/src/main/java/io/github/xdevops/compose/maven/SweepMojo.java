package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.console.LoggedProgress;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Removes all expired environments.
 *
 * <p>Example: {@code mvn compose:sweep -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "sweep", requiresProject = false, aggregator = true, threadSafe = true)
public final class SweepMojo extends HostMojo {
    /** Also removes at once what the sweeper delays or retries later. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    @Override
    void run() {
        try (var stacks = connect()) {
            var swept = stacks.sweep(force, new LoggedProgress(getLog()));
            swept.removed().forEach(project -> result(project + " has expired and is gone"));
            swept.problems().forEach(getLog()::warn);
            result(swept.removed().size() + " removed, " + swept.problems().size() + " problems");
        }
    }
}
