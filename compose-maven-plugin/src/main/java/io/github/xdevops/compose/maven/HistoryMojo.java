package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.HistoryReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Lists the last 50 deploys of an environment: when, by whom, from which pipeline, and how each ended.
 *
 * <p>Example: {@code mvn compose:history -Dcompose.host=deploy@ci.example.com -Dcompose.environment=staging}
 */
@Mojo(name = "history", requiresProject = false, aggregator = true, threadSafe = true)
public final class HistoryMojo extends EnvironmentMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        var name = projectName();
        try (var stacks = connect()) {
            var report = new HistoryReport(stacks.inspect(name));
            if (json) {
                printData(report.json());
            } else {
                print(report.table());
            }
        }
    }
}
