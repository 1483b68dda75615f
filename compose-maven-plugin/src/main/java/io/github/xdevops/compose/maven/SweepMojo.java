package io.github.xdevops.compose.maven;

import org.apache.maven.plugins.annotations.Mojo;

/** Removes every environment whose lease has ended. Needs neither a checkout nor a POM. */
@Mojo(name = "sweep", requiresProject = false, aggregator = true, threadSafe = true)
public final class SweepMojo extends HostMojo {
    @Override
    void run() {
        try (var stacks = connect()) {
            var swept = stacks.sweep(new LoggedProgress(getLog()));
            swept.removed().forEach(project -> getLog().info(project + " has expired and is gone"));
            swept.problems().forEach(getLog()::warn);
            getLog().info(swept.removed().size() + " removed, "
                    + swept.problems().size() + " problems");
        }
    }
}
