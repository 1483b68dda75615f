package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.backup.Backups;
import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.maven.console.InterruptNotice;
import io.github.xdevops.compose.maven.report.HistoryReport;
import io.github.xdevops.compose.server.Deployed;
import io.github.xdevops.compose.server.KeptVersion;
import io.github.xdevops.compose.server.PostDeployCommand;
import io.github.xdevops.compose.server.StackDetails;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.server.UrlCheck;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Lists the last five versions of a persistent environment, or brings one back with the images that ran.
 *
 * <p>Example: {@code mvn compose:rollback -Dcompose.host=deploy@ci.example.com -Dcompose.environment=staging -Dcompose.to=41}
 */
@Mojo(name = "rollback", requiresProject = false, aggregator = true, threadSafe = true)
public final class RollbackMojo extends EnvironmentMojo {
    /** The number of the deploy to bring back; without one, the versions are listed. */
    @Parameter(property = "compose.to")
    private @Nullable String to;

    /** The time limit for services and the URL to become ready; {@code 0} does not wait for services. */
    @Parameter(property = "compose.readyTimeout", defaultValue = "2m")
    private String readyTimeout = "2m";

    /** The time limit for pulling images and starting containers. */
    @Parameter(property = "compose.timeout", defaultValue = "10m")
    private String timeout = "10m";

    /**
     * The required answer of the URL: path, status (or class) and time limit, such as {@code /health 2xx 30s}; or {@code none}.
     * By default 400 and 5xx fail; other 4xx except 401 and 403 are warnings.
     */
    @Parameter(property = "compose.urlCheck")
    private @Nullable String urlCheck;

    /**
     * Commands to run in containers after each deploy, as lines {@code service: command}. A failing one fails the deploy.
     */
    @Parameter(property = "compose.postDeploy")
    private @Nullable String postDeploy;

    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    @Override
    void run() {
        var json = isJson(format, "table");
        var timeouts = new Timeouts(
                duration("compose.timeout", timeout),
                duration("compose.readyTimeout", readyTimeout),
                Timeouts.DEFAULT.lock());
        // What is wrong with these shows before anything is rolled back.
        var commands = PostDeployCommand.parse(postDeploy);
        var check = UrlCheck.wanted(urlCheck, timeouts.ready());
        var name = projectName();
        try (var stacks = connect()) {
            var details = stacks.inspect(name);
            if (to != null) {
                var wanted = to;
                details.kept().stream()
                        .filter(version -> wanted.equals(Long.toString(version.number())))
                        .findFirst()
                        .ifPresentOrElse(
                                version -> bringBack(name, version, timeouts, stacks, (deployed, progress) -> {
                                    tellSnapshot(details, version);
                                    run(commands, name, timeouts, stacks, progress);
                                    check(check, deployed, progress);
                                }),
                                () -> {
                                    throw unknown(
                                            name,
                                            wanted,
                                            details.kept().stream()
                                                    .map(version -> Long.toString(version.number()))
                                                    .collect(Collectors.joining(", ")));
                                });
            } else if (json) {
                printData(new HistoryReport(details).versionsJson());
            } else {
                print(new HistoryReport(details).versions());
            }
        }
    }

    /** Data stays as it is; the snapshot is that of the newest data that no undone deploy has touched. */
    private void tellSnapshot(StackDetails details, KeptVersion version) {
        if (details.status().backup() == null) {
            return;
        }
        var undone = details.kept().stream()
                .mapToLong(KeptVersion::number)
                .filter(number -> number > version.number())
                .min();
        if (undone.isEmpty()) {
            return;
        }
        var name = details.status().project();
        try (var host = openHost()) {
            Backups.on(host).snapshots(name).stream()
                    .filter(snapshot -> snapshot.deploy() > 0 && snapshot.deploy() < undone.getAsLong())
                    .findFirst()
                    .ifPresent(snapshot -> result("The data of " + name + " is not rolled back. The snapshot "
                            + snapshot.id() + " of " + snapshot.time() + " is from before deploy " + undone.getAsLong()
                            + "; compose:restore -Dcompose.to=" + snapshot.id() + " brings it back"));
        } catch (ComposeException | HostException e) { // the rollback has succeeded
            getLog().warn("The data of " + name + " is not rolled back, and its snapshots cannot be listed: "
                    + e.getMessage());
        }
    }

    /** @param afterwards what is done as after a deploy: the URL is what counts */
    private void bringBack(
            String name,
            KeptVersion version,
            Timeouts timeouts,
            Stacks stacks,
            BiConsumer<Deployed, Progress> afterwards) {
        var webhook = webhook();
        try (var progress = progress()) {
            var deployed = InterruptNotice.say(
                    Outcome.UNKNOWN + ": Maven was ended during the rollback of " + name
                            + ", which continues on the server: see compose:history -Dcompose.project=" + name,
                    () -> stacks.rollback(name, version.number(), caller(), timeouts, progress));
            afterwards.accept(deployed, progress);
            var line = name + " is rolled back to " + version.number() + ", as deploy " + deployed.generation();
            result(deployed.changed() ? line : line + "; nothing had to be changed");
            deployed.urls().forEach(this::print);
            if (webhook != null) {
                webhook.send(
                        line, Map.of("project", name, "rollback", version.number(), "number", deployed.generation()));
            }
        } catch (ComposeException e) {
            if (webhook != null) {
                webhook.send(
                        "The rollback of " + name + " to " + version.number() + " failed: " + e.getMessage(),
                        Map.of(
                                "project",
                                name,
                                "rollback",
                                version.number(),
                                "outcome",
                                e.word().name()));
            }
            throw e;
        }
    }

    private static void run(
            List<PostDeployCommand> commands, String name, Timeouts timeouts, Stacks stacks, Progress progress) {
        for (var command : commands) {
            progress.phase("post-deploy in " + command.service());
            command.requireSuccess(
                    stacks.exec(name, command.service(), command.command(), timeouts.up(), progress::line));
        }
    }

    private void check(@Nullable UrlCheck check, Deployed deployed, Progress progress) {
        if (check != null) {
            progress.phase("url");
            check.await(deployed.urls()).forEach(getLog()::warn);
        }
    }

    /** Returns who calls this goal, not the author of a commit. */
    private Revision caller() {
        var pipeline = Pipelines.detect(System.getenv());
        var by = pipeline.map(Source::author).orElseGet(() -> System.getProperty("user.name"));
        return new Revision(null, null, by, pipeline.map(Source::pipeline).orElse(null), sequence());
    }

    private static ComposeException unknown(String name, String wanted, String versions) {
        return new ComposeException(
                Outcome.DATA,
                name + " has no version " + wanted + " to roll back to"
                        + (versions.isEmpty()
                                ? ", and none at all: each deploy of a persistent environment keeps one"
                                : "; its versions are " + versions
                                        + " (compose:rollback without compose.to tells more)"));
    }
}
