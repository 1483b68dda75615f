package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.StackTable;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Lists the environments on a server, and warns if its sweeper does not work.
 *
 * <p>Example: {@code mvn compose:list -Dcompose.host=deploy@ci.example.com -Dcompose.format=json}
 */
@Mojo(name = "list", requiresProject = false, aggregator = true, threadSafe = true)
public final class ListMojo extends HostMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        try (var stacks = connect()) {
            var status = stacks.status();
            if (json) {
                printData(StackTable.json(status.stacks()));
            } else {
                print(StackTable.table(status.stacks()));
            }
            status.warnings().forEach(getLog()::warn);
        }
    }
}
