package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.DetailsReport;
import io.github.xdevops.compose.server.StackDetails;
import org.apache.maven.plugins.annotations.Parameter;

/** Base of the goals that print what the server knows of one environment. */
abstract class DetailsMojo extends EnvironmentMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    abstract DetailsReport report(StackDetails details);

    @Override
    final void run() {
        var json = isJson(format, "table");
        var name = projectName();
        try (var stacks = connect()) {
            var report = report(stacks.inspect(name));
            if (json) {
                printData(report.json());
            } else {
                print(report.table());
            }
        }
    }
}
