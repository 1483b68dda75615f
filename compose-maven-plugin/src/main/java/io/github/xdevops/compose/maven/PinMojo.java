package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.maven.console.LoggedProgress;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Keeps an environment until {@code compose:extend}, whatever the lifetime of later deploys.
 *
 * <p>Example: {@code mvn compose:pin -Dcompose.host=deploy@ci.example.com -Dcompose.branch=feature/login}
 */
@Mojo(name = "pin", requiresProject = false, aggregator = true, threadSafe = true)
public final class PinMojo extends EnvironmentMojo {
    @Override
    void run() {
        var name = projectName();
        // Not the author of a commit, whom git would name: who calls this.
        var by = Pipelines.detect(System.getenv()).map(Source::author).orElseGet(() -> System.getProperty("user.name"));
        try (var stacks = connect()) {
            stacks.pin(name, by, new LoggedProgress(getLog()));
            result(name + " is pinned: it is kept until compose:extend sets a lease");
        }
    }
}
