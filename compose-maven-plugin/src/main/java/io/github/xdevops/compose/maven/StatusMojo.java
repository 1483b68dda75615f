package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.DetailsReport;
import io.github.xdevops.compose.maven.report.StatusReport;
import io.github.xdevops.compose.server.StackDetails;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Prints one environment with its state, URLs, expiry, origin and services.
 *
 * <p>Example: {@code mvn compose:status -Dcompose.host=deploy@ci.example.com -Dcompose.branch=feature/login}
 */
@Mojo(name = "status", requiresProject = false, aggregator = true, threadSafe = true)
public final class StatusMojo extends DetailsMojo {
    @Override
    DetailsReport report(StackDetails details) {
        return new StatusReport(details);
    }
}
