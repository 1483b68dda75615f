package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.StatusReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Prints one environment with its state, URLs, expiry, origin and services.
 *
 * <p>Example: {@code mvn compose:status -Dcompose.host=deploy@ci.example.com -Dcompose.branch=feature/login}
 */
@Mojo(name = "status", requiresProject = false, aggregator = true, threadSafe = true)
public final class StatusMojo extends EnvironmentMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        var name = projectName();
        try (var stacks = connect()) {
            var report = new StatusReport(stacks.inspect(name));
            if (json) {
                printData(report.json());
            } else {
                print(report.table());
            }
        }
    }
}
