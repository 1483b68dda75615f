package io.github.xdevops.compose.maven;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Takes an environment down, with its containers, networks and volumes. Needs neither a checkout nor a POM. */
@Mojo(name = "down", requiresProject = false, aggregator = true, threadSafe = true)
public final class DownMojo extends EnvironmentMojo {
    /** Also takes down an environment that lives for ever. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    @Override
    void run() {
        var name = projectName();
        try (var stacks = connect()) {
            var existed = stacks.down(name, force, new LoggedProgress(getLog()));
            getLog().info(existed ? name + " is gone" : name + " was not there");
        }
    }
}
