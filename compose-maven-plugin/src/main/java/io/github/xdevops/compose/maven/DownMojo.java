package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.maven.pipeline.RequestComment;
import io.github.xdevops.compose.maven.report.DeployReport;
import io.github.xdevops.compose.server.DownOptions;
import java.util.Map;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Removes an environment with its containers, networks and volumes.
 *
 * <p>Example: {@code mvn compose:down -Dcompose.host=deploy@ci.example.com -Dcompose.branch=feature/login}
 */
@Mojo(name = "down", requiresProject = false, aggregator = true, threadSafe = true)
public final class DownMojo extends EnvironmentMojo {
    /** Also removes an environment that is persistent, pinned, or that of the default branch. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    @Override
    void run() {
        var name = projectName();
        if (!force && isOfDefaultBranch()) {
            throw new ComposeException(
                    Outcome.POLICY,
                    name
                            + " is the environment of the default branch, so it is not removed by accident; choose another"
                            + " with -Dcompose.branch=…, or set -Dcompose.force=true");
        }
        var webhook = webhook();
        try (var stacks = connect()) {
            boolean existed;
            try (var progress = progress()) {
                existed = stacks.down(name, new DownOptions(force), progress);
            }
            result(existed ? name + " is gone" : name + " was not there");
            if (existed && webhook != null) {
                webhook.send(DeployReport.goodbye(environment(), name), Map.of("project", name, "gone", true));
            }
            if (!existed && parameter(Fact.ENVIRONMENT) != null) {
                getLog().info("This is a named environment; set -Dcompose.branch=… for that of a branch");
            }
        } catch (ComposeException | HostException e) {
            if (webhook != null) {
                webhook.send(DeployReport.failedGoodbye(environment(), e), Map.of("project", name, "gone", false));
            }
            throw e;
        }
        comment(name);
    }

    private void comment(String name) {
        var comment = RequestComment.of(System.getenv(), getLog()::warn);
        if (comment.isPresent()) {
            var environment = environment();
            var branch = environment.revision().branch();
            comment.get()
                    .change(
                            source(),
                            branch != null ? branch : environment.name(),
                            name,
                            DeployReport.gone(environment.name(), name));
        }
    }
}
