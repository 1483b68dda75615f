package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.maven.console.LoggedProgress;
import io.github.xdevops.compose.maven.report.DeployReport;
import java.time.Instant;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Renews the lease of an environment from now, and unpins it.
 *
 * <p>Example: {@code mvn compose:extend -Dcompose.host=deploy@ci.example.com -Dcompose.lifetime=3d}
 */
@Mojo(name = "extend", requiresProject = false, aggregator = true, threadSafe = true)
public final class ExtendMojo extends EnvironmentMojo {
    /** The lifetime: {@code 7d}, {@code 12h}, {@code 90m}, {@code P7D}, seconds, or {@code forever}. */
    @Parameter(property = "compose.lifetime", defaultValue = "7d")
    private String lifetime = "7d";

    /** Also gives a persistent environment an expiry. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    @Override
    void run() {
        var parsed = Lifetime.parse(lifetime);
        var name = projectName();
        try (var stacks = connect()) {
            var expires = stacks.extend(name, parsed, force, new LoggedProgress(getLog()));
            result(name + " " + DeployReport.expiry(expires, Instant.now()));
        }
    }
}
