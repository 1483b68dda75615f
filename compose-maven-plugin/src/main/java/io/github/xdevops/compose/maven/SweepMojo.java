package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.console.LoggedProgress;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Removes every environment whose lease has ended. Needs neither a checkout nor a POM.
 *
 * <p>Example: {@code mvn compose:sweep -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "sweep", requiresProject = false, aggregator = true, threadSafe = true)
public final class SweepMojo extends HostMojo {
    /** Removes at once also what the sweeper holds back because much ends at the same time, and what failed lately. */
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
