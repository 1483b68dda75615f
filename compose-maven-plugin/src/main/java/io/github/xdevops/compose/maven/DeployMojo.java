package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.backup.Backups;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.console.InterruptNotice;
import io.github.xdevops.compose.maven.console.RecordingProgress;
import io.github.xdevops.compose.maven.pipeline.PipelineResults;
import io.github.xdevops.compose.maven.pipeline.RequestComment;
import io.github.xdevops.compose.maven.pipeline.Webhook;
import io.github.xdevops.compose.maven.report.BackupReport;
import io.github.xdevops.compose.maven.report.DeployReport;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.secret.Redaction;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.Deployed;
import io.github.xdevops.compose.server.Deployment;
import io.github.xdevops.compose.server.PostDeployCommand;
import io.github.xdevops.compose.server.Stacks;
import io.github.xdevops.compose.server.UrlCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Deploys this branch to its own environment and waits until it is ready; without changes, it only renews the lease.
 *
 * <p>Example: {@code mvn compose:deploy -Dcompose.host=deploy@ci.example.com -Dcompose.lifetime=7d}
 */
@Mojo(name = "deploy", requiresProject = false, aggregator = true, threadSafe = true)
public final class DeployMojo extends StackMojo {
    private static final int LAST_LINES = 15;
    private static final int ALL_LINES = 100_000;
    private static final Duration ENOUGH = Duration.ofMinutes(10);

    /** The time limit for services and the URL to become ready; {@code 0} does not wait for services. */
    @Parameter(property = "compose.readyTimeout", defaultValue = "2m")
    private String readyTimeout = "2m";

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

    /**
     * In the first deploy: takes over, with its volumes, a stack that was started by hand or another tool in {@code
     * compose.home}.
     */
    @Parameter(property = "compose.adopt", defaultValue = "false")
    private boolean adopt;

    /** An environment of this repository on the same server, by name or project, whose images are deployed. */
    @Parameter(property = "compose.promote")
    private @Nullable String promote;

    /**
     * A persistent environment of this repository on the same server, by name or project, or {@code NAME@SNAPSHOT}. A new
     * environment begins with its backup, scrubbed by the commands of {@code x-seed}.
     */
    @Parameter(property = "compose.seed")
    private @Nullable String seed;

    /** The time limit for pulling images and starting containers. */
    @Parameter(property = "compose.timeout", defaultValue = "10m")
    private String timeout = "10m";

    /**
     * Without room on the server, removes up to three reviews of this repository, the next to expire first; never pinned ones.
     */
    @Parameter(property = "compose.evict", defaultValue = "false")
    private boolean evict;

    /**
     * Stops a review environment after a time without a request, such as {@code 30m}; the next request starts it. {@code 0} is
     * never; the default is the server's. Needs the pages of {@code compose:provision}.
     */
    @Parameter(property = "compose.sleep")
    private @Nullable String sleep;

    /** Also gives a persistent environment an expiry. */
    @Parameter(property = "compose.force", defaultValue = "false")
    private boolean force;

    /**
     * {@code any} lets an older pipeline replace a newer one; {@code reset} restarts the numbers after a move to another CI
     * system.
     */
    @Parameter(property = "compose.order")
    private @Nullable String order;

    /** Also deploys requests from forks, whose authors then run code beside the pipeline's key. */
    @Parameter(property = "compose.allowForks", defaultValue = "false")
    private boolean allowForks;

    /** As in {@code compose:backup}. The first backup is made after the deploy, later ones before each deploy. */
    @Parameter(property = "compose.backup")
    private @Nullable String backup;

    /** Deploys nothing: checks what needs no server, and prints the compose file with secrets masked. */
    @Parameter(property = "compose.dryRun", defaultValue = "false")
    private boolean dryRun;

    @Override
    void run() {
        if (!dryRun) {
            pipelineResults().forget();
        }
        refuseForks();
        var webhook = webhook();
        try {
            deploy().ifPresent(report -> {
                backUp(report.project());
                if (webhook != null) {
                    webhook.send(report.sentence(), report.json());
                }
                RequestComment.of(System.getenv(), getLog()::warn)
                        .ifPresent(comment -> comment.write(source(), report.project(), report.markdown()));
            });
        } catch (ComposeException | HostException e) {
            if (webhook != null && !dryRun) {
                tell(webhook, e);
            }
            throw e;
        }
    }

    /** Deploys and returns the report; empty for a dry run. */
    private Optional<DeployReport> deploy() {
        var options = options();
        var deployment = Deployment.of(builder())
                .check(UrlCheck.wanted(urlCheck, options.timeouts().ready()))
                .commands(PostDeployCommand.parse(postDeploy))
                .options(options);
        if (promote != null && images().areSent()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.promote uses images on the server, so it cannot be combined with compose.images=transfer");
        }
        if (backup != null && !Lifetime.parse(lifetime()).isForever()) {
            throw new ComposeException(
                    Outcome.USAGE, "compose.backup is for persistent environments: set -Dcompose.lifetime=forever");
        }
        if (seed != null && adopt) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.adopt keeps the data that is there, so it cannot be combined with compose.seed");
        }
        if (!dryRun) {
            requiredHost();
        }
        try (var connection = new LazyStacks(this::connect)) {
            if (dryRun) {
                printInstead(rendered(connection));
                return Optional.empty();
            }
            var unused = connection.begin();
            return Optional.of(deploy(deployment, connection));
        }
    }

    private DeployOptions options() {
        var timeouts = new Timeouts(
                duration("compose.timeout", timeout),
                duration("compose.readyTimeout", readyTimeout),
                Timeouts.DEFAULT.lock());
        return DeployOptions.within(timeouts)
                .withPermissions(permissions())
                .withSleep(sleep == null ? null : duration("compose.sleep", sleep));
    }

    private void backUp(String project) {
        if (backup == null) {
            return;
        }
        try (var server = openHost();
                var progress = progress()) {
            var made = Backups.on(server)
                    .at(backup, System.getenv("COMPOSE_BACKUP_PASSWORD"))
                    .make(project, ENOUGH, progress);
            BackupReport.lines(project, made).forEach(this::result);
        }
    }

    /** Sends the failure to the webhook. The environment itself may be the unknown fact. */
    private void tell(Webhook webhook, RuntimeException failure) {
        try {
            var environment = environment();
            webhook.send(DeployReport.failure(environment, failure), Map.of("project", projectName()));
        } catch (ComposeException e) {
            webhook.send(DeployReport.failure(null, failure), Map.of());
        }
    }

    @Override
    long sequence() {
        return "any".equals(order) ? 0 : super.sequence();
    }

    private Set<Permission> permissions() {
        if (order != null && !order.equals("any") && !order.equals("reset")) {
            throw new ComposeException(Outcome.USAGE, "compose.order = `" + order + "` is neither any nor reset");
        }
        var all = EnumSet.noneOf(Permission.class);
        if (adopt) {
            all.add(Permission.ADOPT);
        }
        if (evict) {
            all.add(Permission.EVICT);
        }
        if (force) {
            all.add(Permission.FORCE);
        }
        if ("reset".equals(order)) {
            all.add(Permission.RENUMBER);
        }
        return all;
    }

    private Stack rendered(LazyStacks connection) {
        return render(builder -> {
            if (promote != null) {
                builder.promote(connection.get().find(repositoryName(), promote).images());
            }
        });
    }

    private void printInstead(Stack stack) {
        printData(stack.maskedText());
        getLog().info("Dry run: nothing is deployed. " + (host == null ? "The server" : host)
                + " would get this file, with its secrets, as the project " + stack.project()
                + "; compose:plan shows what would change there");
    }

    private Stack prepared(Deployment deployment, LazyStacks connection) {
        if (promote != null) {
            deployment.promote(promote);
        }
        if (seed != null) {
            var at = seed.indexOf('@');
            var name = at < 0 ? seed : seed.substring(0, at);
            deployment.options(options()
                    .withSeed(connection.get().project(repositoryName(), name) + (at < 0 ? "" : seed.substring(at))));
        }
        if (promote == null) {
            var building = images().toBuild();
            var images = new TreeMap<>(images().own());
            images.keySet().removeAll(building.images().keySet());
            if (images().areSent() && images.isEmpty() && building.images().isEmpty()) {
                getLog().warn(
                                "compose.images=transfer finds no image of this stack on this machine, so the server pulls all");
            }
            building.images().keySet().stream()
                    .sorted()
                    .forEach(
                            service -> getLog().info(
                                            "The image of " + service
                                                    + " is built here and transferred, because no registry has it; compose.images=pull pulls it"));
            deployment.build(building).transfer(images);
        }
        try (var progress = progress()) {
            return deployment.prepare(connection::get, progress);
        }
    }

    private DeployReport deploy(Deployment deployment, LazyStacks connection) {
        var stack = prepared(deployment, connection);
        stack.warnings().forEach(getLog()::warn);
        var logins = new RegistryLogins(System.getenv(), door()::server).of(registry(), stack);
        logins.forEach(login -> getLog().info("Images are pulled as " + login));
        getLog().info("Deploying " + stack.environment().name() + " of "
                + stack.environment().repository() + " as " + stack.project() + " on " + host);
        var results = pipelineResults();
        // With -q standard output is the result alone; a pipeline reads its commands from both.
        results.mask(logins, Console.err()::println);
        var phases = new LinkedHashMap<String, Duration>();
        var called = System.nanoTime();
        try (var stacks = connection.get()) {
            phases.putAll(deployment.phases());
            phases.put("connect", Duration.ofNanos(System.nanoTime() - called));
            deployment.logins(rendered -> logins);
            var deployed = results.folded("compose:deploy", () -> {
                try (var progress = new RecordingProgress(progress(), results::log, getLog()::warn)) {
                    var up = new AtomicReference<@Nullable Deployed>();
                    deployment.listener(new Deployment.Listener() {
                        @Override
                        public void up(Deployed what) {
                            up.set(what);
                        }

                        @Override
                        public void urlCheckFailed(Stack which, Stacks where) {
                            tellLogs(which, where, progress);
                        }
                    });
                    try {
                        return InterruptNotice.say(goesOn(stack), () -> deployment.bringUp(stack, stacks, progress));
                    } finally { // it is up, whatever came after
                        phases.putAll(deployment.phases());
                        var what = up.get();
                        if (what != null) {
                            results.publish(new DeployReport(stack, what, phases, String.valueOf(host)));
                        }
                    }
                }
            });
            deployed.warnings().forEach(getLog()::warn);
            var report = new DeployReport(stack, deployed, phases, String.valueOf(host));
            publishToThisBuild(report.url());
            if (getLog().isInfoEnabled()) {
                report.lines().forEach(getLog()::info);
            }
            if (outputFile() != null || !getLog().isInfoEnabled()) { // with -q the result is all there is
                report.urls().forEach(this::print);
            }
            return report;
        }
    }

    /** Prints the services' logs after a failed URL check. */
    private void tellLogs(Stack stack, Stacks stacks, RecordingProgress progress) {
        try {
            showLogs(stack, stacks, progress);
        } catch (ComposeException | HostException unread) {
            getLog().warn("The services' logs cannot be read: " + unread.getMessage());
        }
    }

    private static void showLogs(Stack stack, Stacks stacks, RecordingProgress progress) {
        var hidden = Redaction.of(stack.secrets());
        stack.endpoints().stream()
                .map(endpoint -> endpoint.route().service())
                .distinct()
                .forEach(service -> {
                    var lines = new ArrayList<String>();
                    stacks.logs(stack.project(), service, LAST_LINES, false, line -> lines.add(hidden.text(line)));
                    if (!lines.isEmpty()) {
                        progress.line("the last lines of " + service + ":");
                        lines.forEach(progress::line);
                    }
                });
        progress.keep("» the whole log of all services");
        stacks.logs(stack.project(), null, ALL_LINES, false, line -> progress.keep("  | " + hidden.text(line)));
    }

    private PipelineResults pipelineResults() {
        return new PipelineResults(
                checkout(),
                results(),
                System.getenv(),
                getLog().isInfoEnabled() ? Console::printCommand : line -> {},
                getLog()::warn);
    }

    private Path results() {
        return directory().resolve("target/compose");
    }

    private String goesOn(Stack stack) {
        return Outcome.UNKNOWN + ": Maven was ended while " + stack.project()
                + " was deployed. The deploy continues on "
                + host
                + ": see its result with compose:status -Dcompose.project=" + stack.project()
                + ", or deploy again";
    }

    /** Sets {@code ${compose.deployed.url}} for later phases of this build. */
    private void publishToThisBuild(@Nullable String url) {
        if (url != null) {
            session()
                    .getProjects()
                    .forEach(project -> project.getProperties().setProperty("compose.deployed.url", url));
        }
    }

    private void refuseForks() {
        var fork = source().fork();
        if (allowForks) {
            return;
        }
        if (source().isOfUnknownOrigin() && !isOfRepository()) {
            throw new ComposeException(
                    Outcome.POLICY,
                    "The event `" + source().event() + "` does not tell whether request "
                            + source().request() + " comes from a fork, so it is not deployed. If it does not, set"
                            + " -Dcompose.branch=… to its branch and -Dcompose.repository=" + source().repository()
                            + "; a fork's needs -Dcompose.allowForks=true");
        }
        if (fork != null) {
            throw new ComposeException(
                    Outcome.POLICY,
                    "This pipeline builds a request from a fork (" + fork
                            + "), so it is not deployed. To allow forks, set -Dcompose.allowForks=true");
        }
    }
}
