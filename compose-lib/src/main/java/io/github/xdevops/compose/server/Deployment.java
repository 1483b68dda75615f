package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.image.ComposeCommand;
import io.github.xdevops.compose.image.ImageException;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.render.LocalBuild;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole deploy: transfers or promotes images, renders the stack, deploys it, runs commands in its containers, and checks its
 * URLs. Use an instance once, on one thread; {@link #run} executes all steps.
 */
public final class Deployment {
    private static final String UNKNOWN_ID = "sha256:" + "0".repeat(64);

    private final StackBuilder builder;
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private Map<String, ImageSource> images = Map.of();
    private @Nullable LocalBuild build;
    private @Nullable String promoted;
    private DeployOptions options = DeployOptions.DEFAULT;
    private Function<Stack, List<RegistryLogin>> logins = stack -> List.of();
    private List<PostDeployCommand> commands = List.of();
    private @Nullable UrlCheck check;
    private Listener listener = new Listener() {};

    private Deployment(StackBuilder builder) {
        this.builder = builder;
    }

    /** Starts the deploy of a stack. */
    public static Deployment of(StackBuilder builder) {
        return new Deployment(builder);
    }

    /** Services to build with the Docker of this machine and to transfer; none by default. See {@link StackBuilder#localBuild}. */
    public Deployment build(LocalBuild build) {
        this.build = build;
        return this;
    }

    /** Local images to transfer, by service; none by default. */
    public Deployment transfer(Map<String, ImageSource> images) {
        this.images = Map.copyOf(images);
        return this;
    }

    /**
     * Deploys exactly the images of another environment of the same repository; see {@link Stacks#find}. Cannot be combined with
     * transfer.
     */
    public Deployment promote(String name) {
        this.promoted = name;
        return this;
    }

    /** Timeouts, permissions and logins; {@link DeployOptions#DEFAULT} by default. */
    public Deployment options(DeployOptions options) {
        this.options = options;
        return this;
    }

    /** Further logins that depend on the rendered stack. */
    public Deployment logins(Function<Stack, List<RegistryLogin>> logins) {
        this.logins = logins;
        return this;
    }

    /** Commands to run after the stack is up, in this order; each must exit with 0. */
    public Deployment commands(List<PostDeployCommand> commands) {
        this.commands = List.copyOf(commands);
        return this;
    }

    /** The check of the URLs; {@code null}, the default, checks none. */
    public Deployment check(@Nullable UrlCheck check) {
        this.check = check;
        return this;
    }

    /** Receives the progress of the deploy. */
    public Deployment listener(Listener listener) {
        this.listener = listener;
        return this;
    }

    /** The duration of each phase so far, in order; also available after a failure. */
    public Map<String, Duration> phases() {
        return Collections.unmodifiableMap(phases);
    }

    /**
     * Runs all steps.
     *
     * @throws ComposeException if a step fails; {@code UNHEALTHY} also if a command or the URL check fails after the stack is up
     */
    public Deployed run(Stacks stacks, Progress progress) {
        return bringUp(prepare(() -> stacks, progress), stacks, progress);
    }

    /**
     * Runs the first half: transfers images and renders the stack. It changes no environment.
     *
     * @param server used only if images are transferred or promoted
     */
    public Stack prepare(Supplier<Stacks> server, Progress progress) {
        if (promoted != null && !images.isEmpty()) {
            throw ComposeException.usage("Images are promoted or transferred, not both");
        }
        if (build != null && !build.images().isEmpty()) {
            var plan = build;
            images = timed("build", () -> built(plan, progress));
        }
        if (!images.isEmpty()) {
            // Errors in the files show before anything is sent.
            var unused = builder.images(ids()).render();
            builder.images(timed("transfer", () -> server.get().carry(images, options.timeouts(), progress))
                    .images());
        }
        return timed("render", () -> {
            if (promoted != null) {
                var reviewed = server.get().find(builder.environment().repository(), promoted);
                progress.line("Promoting the images of " + reviewed.status().project());
                builder.promote(reviewed.images());
            }
            return builder.render();
        });
    }

    /** Runs the second half: deploys, runs the commands and checks the URLs. */
    public Deployed bringUp(Stack stack, Stacks stacks, Progress progress) {
        var all = new ArrayList<>(options.logins());
        all.addAll(logins.apply(stack));
        var deployed = stacks.deploy(stack, options.withLogins(all), progress);
        phases.putAll(deployed.phases());
        listener.up(deployed);
        for (var command : commands) {
            progress.phase("post-deploy in " + command.service());
            timed("post-deploy", () -> run(command, stack, stacks, progress));
        }
        var warnings = List.<String>of();
        // Also without changes: the URL of the earlier deploy may never have answered.
        if (check != null) {
            progress.phase("url");
            warnings = timed("url", () -> checked(stack, stacks));
        }
        return deployed.with(phases, warnings);
    }

    private List<String> checked(Stack stack, Stacks stacks) {
        try {
            return check == null ? List.of() : check.await(stack);
        } catch (ComposeException e) {
            listener.urlCheckFailed(stack, stacks);
            throw e;
        }
    }

    private boolean run(PostDeployCommand command, Stack stack, Stacks stacks, Progress progress) {
        var limit = options.timeouts().up();
        command.requireSuccess(stacks.exec(stack, command.service(), command.command(), limit, progress::line));
        return true;
    }

    /** The images to transfer, with those that are built now. */
    private Map<String, ImageSource> built(LocalBuild plan, Progress progress) {
        var all = new TreeMap<>(images);
        // What is wrong with the files shows before anything is built.
        var ids = new TreeMap<>(ids());
        plan.images().keySet().forEach(service -> ids.put(service, UNKNOWN_ID));
        var unused = builder.images(ids).render();
        progress.phase("build");
        progress.line("Building " + String.join(", ", new TreeMap<>(plan.images()).keySet())
                + " with the Docker of this machine");
        try {
            new ComposeCommand()
                    .run(
                            plan.directory(),
                            plan.arguments(),
                            plan.variables(),
                            options.timeouts().up(),
                            line -> progress.line(Printable.line(line)));
        } catch (ImageException e) {
            throw new ComposeException(
                    Outcome.UNAVAIL,
                    "docker compose build failed on this machine: "
                            + Printable.line(String.valueOf(e.getMessage()), 500)
                            + ". Without a Docker here, push the image to a registry and name it in `image`, or build it with"
                            + " Jib and compose.services.SERVICE.module (compose.images=transfer)",
                    e);
        }
        plan.images()
                .forEach((service, name) -> all.put(
                        service,
                        ImageSource.docker(name)
                                .orElseThrow(() -> new ComposeException(
                                        Outcome.UNAVAIL,
                                        "docker compose build made no image " + name + " of the service " + service
                                                + " on this machine"))));
        return all;
    }

    private Map<String, String> ids() {
        var ids = new TreeMap<String, String>();
        images.forEach((service, source) -> ids.put(service, source.id()));
        return ids;
    }

    private <T> T timed(String phase, Supplier<T> work) {
        var began = System.nanoTime();
        try {
            return work.get();
        } finally {
            phases.merge(phase, Duration.ofNanos(System.nanoTime() - began), Duration::plus);
        }
    }

    /** Receives the progress of a deploy, on its thread. */
    public interface Listener {
        /** The stack is up; commands and the URL check follow. */
        default void up(Deployed deployed) {}

        /** The stack is up, but a URL check failed; the deploy fails after this call. */
        default void urlCheckFailed(Stack stack, Stacks stacks) {}
    }
}
