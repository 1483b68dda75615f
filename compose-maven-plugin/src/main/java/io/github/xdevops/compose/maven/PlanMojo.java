package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.maven.report.PlanReport;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Prints what a deploy would change on the server, with secrets masked.
 *
 * <p>Example: {@code mvn compose:plan -Dcompose.host=deploy@ci.example.com -Dcompose.failOnChanges=true}
 */
@Mojo(name = "plan", requiresProject = false, aggregator = true, threadSafe = true)
public final class PlanMojo extends StackMojo {
    /** {@code json}, or {@code text} for people. */
    @Parameter(property = "compose.format", defaultValue = "text")
    private String format = "text";

    /** Fails the build with {@code CHANGES:} unless a deploy would only renew the lease. */
    @Parameter(property = "compose.failOnChanges", defaultValue = "false")
    private boolean failOnChanges;

    @Override
    void run() throws MojoFailureException {
        var json = isJson(format, "text");
        requiredHost();
        var stack = render();
        try (var stacks = connect()) {
            var plan = stacks.plan(images().own().isEmpty() ? stack : withImagesOf(stacks));
            var report = new PlanReport(plan);
            if (json) {
                printData(report.json());
            } else {
                print(report.text());
            }
            if (failOnChanges && !plan.renewsOnly()) {
                // Nothing went wrong, so this is none of the words for how an operation failed.
                throw new MojoFailureException("CHANGES: " + report.summary());
            }
        }
    }

    /** Uses the server's image IDs: another kind of engine has another ID for the same image, which is no change. */
    private Stack withImagesOf(Stacks stacks) {
        return builder().images(stacks.imageIds(images().own())).render();
    }
}
