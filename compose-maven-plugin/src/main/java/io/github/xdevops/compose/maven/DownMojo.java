package io.github.xdevops.compose.maven;

import org.apache.maven.plugins.annotations.Mojo;

/** Takes an environment down, with its containers, networks and volumes. Needs neither a checkout nor a POM. */
@Mojo(name = "down", requiresProject = false, aggregator = true, threadSafe = true)
public final class DownMojo extends EnvironmentMojo {
    @Override
    void run() {
        var name = projectName();
        try (var stacks = connect()) {
            var existed = stacks.down(name, new LoggedProgress(getLog()));
            getLog().info(existed ? name + " is gone" : name + " was not there");
        }
    }
}
