package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.DetailsReport;
import io.github.xdevops.compose.maven.report.HistoryReport;
import io.github.xdevops.compose.server.StackDetails;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Lists the last 50 deploys of an environment: time, author, pipeline and result.
 *
 * <p>Example: {@code mvn compose:history -Dcompose.host=deploy@ci.example.com -Dcompose.environment=staging}
 */
@Mojo(name = "history", requiresProject = false, aggregator = true, threadSafe = true)
public final class HistoryMojo extends DetailsMojo {
    @Override
    DetailsReport report(StackDetails details) {
        return new HistoryReport(details);
    }
}
