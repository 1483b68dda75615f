package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.secret.Redaction;
import io.github.xdevops.compose.text.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stacks on a server: all operations of the Maven goals, for Java programs. Use an instance on one thread at a time.
 *
 * <p>Every method throws {@link ComposeException} if it fails; the exception contains the outcome.
 */
public final class Stacks implements AutoCloseable {
    /** The default directory of records, in the home directory of the login user. */
    public static final String STATE_DIRECTORY = ".yourlabs.compose";

    private static final byte[] NOTHING = {};
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Duration SEED = Duration.ofHours(12);
    private static final Duration SWEEP = Duration.ofMinutes(30);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int MOST_LINES = 100_000;
    private static final Duration DAY = Duration.ofDays(1);

    private final Host host;
    private final ServerScript script;

    private Stacks(Host host, ServerScript script) {
        this.host = host;
        this.script = script;
    }

    /** The stacks on a host, with records in the default directory. Closing them closes the host. */
    public static Stacks on(Host host) {
        return on(host, STATE_DIRECTORY);
    }

    /**
     * The stacks on a host.
     *
     * @param stateDirectory the directory of records: absolute, or relative to the home directory
     */
    public static Stacks on(Host host, String stateDirectory) {
        return new Stacks(host, new ServerScript(host, stateDirectory));
    }

    /**
     * Transfers images to the server over this connection, only the layers that it lacks. They have no names there; an image that
     * no stack has used for a day is removed.
     *
     * @param images the image of each service; services may share one
     * @param timeouts the time limits; each layer may take as long as the start of a stack
     * @return the images for {@link StackBuilder#images(Map)}
     * @throws ComposeException {@code DATA} if an image cannot be read or loaded, {@code IOERR} if there is no room for it,
     *     {@code PROTO} if the connection was lost; no environment was affected
     */
    public CarriedImages carry(Map<String, ImageSource> images, Timeouts timeouts, Progress progress) {
        progress.phase("transfer");
        try {
            return new ImageCarrier(script, timeouts, progress).carry(images);
        } catch (ComposeException e) {
            throw e.word() == Outcome.UNKNOWN ? nothingChanged(e) : e;
        }
    }

    /**
     * Predicts the IDs that {@link #carry} would return. For an image that the server lacks, the ID is a placeholder.
     *
     * @throws ComposeException {@code DATA} if an image cannot be read
     */
    public Map<String, String> imageIds(Map<String, ImageSource> images) {
        return new ImageCarrier(script, Timeouts.DEFAULT, Progress.NONE).ids(images);
    }

    /** No environment has changed: a transferred image has no effect until a deploy uses it. */
    private static ComposeException nothingChanged(ComposeException lost) {
        return new ComposeException(Outcome.PROTO, "No environment was changed, try again: " + lost.getMessage(), lost);
    }

    /** Deploys a stack with {@link DeployOptions#DEFAULT}; see {@link #deploy(Stack, DeployOptions, Progress)}. */
    public Deployed deploy(Stack stack, Progress progress) {
        return deploy(stack, DeployOptions.DEFAULT, progress);
    }

    /**
     * Deploys a stack and waits until its services are ready. Its lease is on the server's disk before its first container
     * starts. A redeploy without changes only renews the lease.
     *
     * <p>The server may have no room for the stack: too little disk space, memory or networks, or the maximum number of
     * environments. Then expired environments are swept. If that is not enough, the deploy fails with {@code IOERR},
     * {@code UNAVAIL} or {@code POLICY} before the server has any part of the stack.
     */
    public Deployed deploy(Stack stack, DeployOptions options, Progress progress) {
        var nonce = ServerScript.nonce();
        var input = new ByteArrayOutputStream();
        var secrets = new HashSet<>(stack.secrets());
        for (var login : options.logins()) {
            login.lines().forEach(line -> input.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8)));
            secrets.add(login.password());
        }
        var upload = Upload.of(stack);
        input.writeBytes(upload.bytes());
        var hiding = script.hiding(Redaction.of(secrets));
        var deadline = options.timeouts().total().plus(options.seed() == null ? Duration.ZERO : SEED);
        var clock = new PhaseClock(progress);
        Verb.Up up;
        var began = System.nanoTime();
        try {
            up = hiding.call(new Verb.Deploy(stack, upload, options), nonce, input.toByteArray(), deadline, clock);
        } catch (ComposeException e) {
            up = afterLostConnection(e, hiding, stack.project(), nonce, left(deadline, began), clock);
        }
        return new Deployed(
                stack.project(),
                stack.endpoints().stream().map(Endpoint::url).toList(),
                up.expires(),
                up.generation(),
                up.changed(),
                clock.durations(),
                List.of());
    }

    /**
     * Brings back a version that a persistent stack had, with exactly the images that ran; no registry is asked. It is a new deploy
     * with a number of its own, and replaces services as any deploy does. Data in volumes stays as it is.
     *
     * @param number the number of a deploy, one of {@link StackDetails#kept}
     * @param by who rolls back: the author and the pipeline are noted, and the sequence is compared as in a deploy; the rest is not
     *     used
     * @return the result; its URLs are those of the version
     * @throws ComposeException {@code DATA} if there is no such stack or version, or an image was deleted on the server
     */
    public Deployed rollback(String project, long number, Revision by, Timeouts timeouts, Progress progress) {
        if (number < 1 || number > 999_999_999_999_999L) {
            throw ComposeException.usage("The number of a deploy is 1 or more, and not " + number);
        }
        var rollback = new Verb.Rollback(Stack.checkProject(project), number, by.sequence(), timeouts);
        var stdin = (StackRecord.by(by.author(), by.pipeline()) + "\n").getBytes(StandardCharsets.UTF_8);
        var nonce = ServerScript.nonce();
        var clock = new PhaseClock(progress);
        var began = System.nanoTime();
        Verb.Up up;
        try {
            up = script.call(rollback, nonce, stdin, timeouts.total(), clock);
        } catch (ComposeException e) {
            up = afterLostConnection(e, script, project, nonce, left(timeouts.total(), began), clock);
        }
        return new Deployed(
                project,
                inspect(project).status().urls(),
                up.expires(),
                up.generation(),
                up.changed(),
                clock.durations(),
                List.of());
    }

    /**
     * The changes that a deploy of this stack would make, and whether it would be refused. Waits for no lock and changes nothing.
     */
    public Plan plan(Stack stack) {
        var replies = new PlanReplies();
        var text = stack.text().getBytes(StandardCharsets.UTF_8);
        var now = script.call(new Verb.Show(stack), ServerScript.nonce(), text, SHORT, replies::hear);
        return replies.plan(stack, now);
    }

    /** Removes a stack; a persistent one is refused. See {@link #down(String, DownOptions, Progress)}. */
    public boolean down(String project, Progress progress) {
        return down(project, DownOptions.DEFAULT, progress);
    }

    /**
     * Removes a stack with its containers, networks and volumes.
     *
     * @return whether the stack existed
     */
    public boolean down(String project, DownOptions options, Progress progress) {
        var down = new Verb.Down(Stack.checkProject(project), options);
        return script.call(down, ServerScript.nonce(), NOTHING, SWEEP, new PhaseClock(progress));
    }

    /** All stacks with a record on the server, sorted by name. */
    public List<StackStatus> list() {
        return status().stacks();
    }

    /** All stacks with a record on the server, and the state of its sweeper. */
    public ServerStatus status() {
        var replies = new ServerReplies();
        var now = script.call(new Verb.ListAll(), ServerScript.nonce(), NOTHING, SHORT, replies::hear);
        return replies.status(now);
    }

    /**
     * One stack: its record and its containers.
     *
     * @throws ComposeException {@code DATA} if there is none
     */
    public StackDetails inspect(String project) {
        var replies = new ServiceReplies();
        var inspect = new Verb.Inspect(Stack.checkProject(project));
        return replies.details(script.call(inspect, ServerScript.nonce(), NOTHING, SHORT, replies::hear));
    }

    /**
     * An environment of a repository, with its containers.
     *
     * @param name its project, its branch, or its own name
     * @throws ComposeException {@code DATA} if there is none
     */
    public StackDetails find(String repository, String name) {
        return inspect(
                known(repository, name).orElse(Environment.of(repository, name).slug()));
    }

    /**
     * The project of a persistent environment of a repository, for {@link DeployOptions#seed}. Behind a gate it may be invisible; then
     * the name is that of the environment.
     *
     * @param name its project, its branch, or its own name
     */
    public String project(String repository, String name) {
        return known(repository, name)
                .orElse(Environment.named(repository, name).slug());
    }

    private Optional<String> known(String repository, String name) {
        var all = list();
        var known = all.stream().map(StackStatus::project).toList();
        var called = Stream.of(
                        name,
                        Environment.of(repository, name).slug(),
                        Environment.named(repository, name).slug())
                .filter(known::contains);
        // A home gives the project another name.
        var named = all.stream()
                .filter(stack -> repository.equals(stack.repository()) && name.equals(stack.environment()))
                .map(StackStatus::project);
        return Stream.concat(called, named).findFirst();
    }

    /**
     * The output of a stack's containers. Following ends when no container runs, after a day, or with this connection; nothing
     * continues on the server.
     *
     * @param service the service, or {@code null} for all; then each line begins with its container, if there are several
     * @param tail the number of earlier lines of each container, 0 to 100000
     * @param follow whether to wait for further lines
     * @param lines receives each line on the calling thread, without control characters and pipeline commands. Secrets that an
     *     application prints are not hidden. An exception from it ends the call and is passed on
     * @throws ComposeException {@code DATA} if there is no such stack, or no container of the service
     */
    public void logs(String project, @Nullable String service, int tail, boolean follow, Consumer<String> lines) {
        if (tail < 0 || tail > MOST_LINES) {
            throw ComposeException.usage("compose.tail must be 0 to " + MOST_LINES + ", not " + tail);
        }
        var logs = new Verb.Logs(
                Stack.checkProject(project), service == null ? null : checkService(service), tail, follow);
        var nonce = ServerScript.nonce();
        var output = new ProgramOutput(nonce, lines);
        var unused = script.inFull().call(logs, nonce, NOTHING, follow ? DAY.plus(SHORT) : SHORT, output);
    }

    /**
     * Runs a command in a container of a stack, by the container's {@code sh}, without a terminal and without input. The command
     * does not appear in the server's process list. It continues if this connection is lost.
     *
     * @param service the service; its oldest running container is used
     * @param limit the time limit, a second to a day
     * @param lines receives each line of both streams on the calling thread, as in {@link #logs} does
     * @return its exit status, 0 to 255
     * @throws ComposeException {@code DATA} if there is no such stack, or no container of the service runs, {@code NOPERM} behind
     *     a gate that does not allow it, {@code UNKNOWN} if it did not end in time
     */
    public int exec(String project, String service, String command, Duration limit, Consumer<String> lines) {
        return exec(script, project, service, command, limit, lines);
    }

    /** Runs a command in a deployed stack; {@code ***} replaces the stack's secrets in its output. */
    public int exec(Stack stack, String service, String command, Duration limit, Consumer<String> lines) {
        var hiding = script.hiding(Redaction.of(stack.secrets()));
        return exec(hiding, stack.project(), service, command, limit, lines);
    }

    private int exec(
            ServerScript through,
            String project,
            String service,
            String command,
            Duration limit,
            Consumer<String> lines) {
        if (limit.toSeconds() < 1 || limit.compareTo(DAY) > 0) {
            throw ComposeException.usage("A command may take one second to one day");
        }
        if (command.isBlank() || command.indexOf('\0') >= 0) {
            throw ComposeException.usage("There is no command to run, or it has a NUL character");
        }
        var exec = new Verb.Exec(Stack.checkProject(project), checkService(service), limit);
        var nonce = ServerScript.nonce();
        var stdin = command.getBytes(StandardCharsets.UTF_8);
        return through.inFull().call(exec, nonce, stdin, limit.plus(SHORT), new ProgramOutput(nonce, lines));
    }

    private static String checkService(String service) {
        if (!service.matches("[A-Za-z0-9._][A-Za-z0-9._-]*")) {
            throw ComposeException.usage("`" + service + "` is not the name of a service");
        }
        return service;
    }

    /**
     * Makes a stack persistent, regardless of the lifetime of later deploys, until it is extended.
     *
     * @param by who pins it, for people who want to remove it; {@code null} if unknown
     */
    public void pin(String project, @Nullable String by, Progress progress) {
        var stdin = (by == null ? "" : by + "\n").getBytes(StandardCharsets.UTF_8);
        var pin = new Verb.Pin(Stack.checkProject(project));
        var unused = script.call(pin, ServerScript.nonce(), stdin, SHORT, telling(progress));
    }

    /** Renews the lease of a stack from now; see {@link #extend(String, Lifetime, boolean, Progress)}. */
    public @Nullable Instant extend(String project, Lifetime lifetime) {
        return extend(project, lifetime, Progress.NONE);
    }

    /** Renews the lease of a stack from now; a persistent stack is refused. */
    public @Nullable Instant extend(String project, Lifetime lifetime, Progress progress) {
        return extend(project, lifetime, false, progress);
    }

    /**
     * Renews the lease of a stack from now. A pinned stack is unpinned, which is reported as progress.
     *
     * @param force whether a persistent stack that is not pinned may get an expiry; otherwise it is refused with {@code POLICY}
     * @return its expiry, or {@code null} if it is persistent
     */
    public @Nullable Instant extend(String project, Lifetime lifetime, boolean force, Progress progress) {
        var extend = new Verb.Extend(Stack.checkProject(project), lifetime, force);
        return script.call(extend, ServerScript.nonce(), NOTHING, SHORT, telling(progress))
                .orElse(null);
    }

    private static BiConsumer<String, String> telling(Progress progress) {
        return (word, text) -> progress.line(Printable.line(text));
    }

    /** Removes all expired stacks, like the server's own sweeper. */
    public Swept sweep(Progress progress) {
        return sweep(false, progress);
    }

    /**
     * Removes all expired stacks.
     *
     * @param force whether to remove at once those that the sweeper would delay or retry later
     */
    public Swept sweep(boolean force, Progress progress) {
        var removed = new ArrayList<String>();
        var problems = new ArrayList<String>();
        BiConsumer<String, String> collect = (word, text) -> {
            var line = Printable.line(text);
            switch (word) {
                case "swept" -> removed.add(line);
                case "warning" -> problems.add(line);
                default -> progress.line(line);
            }
        };
        var unused = script.call(new Verb.Sweep(force), ServerScript.nonce(), NOTHING, SWEEP, collect);
        return new Swept(List.copyOf(removed), List.copyOf(problems));
    }

    /**
     * Installs the gate's script on the server, and returns the options for a public key in {@code ~/.ssh/authorized_keys} there,
     * which restrict the key to the gate. The gate's script stays unchanged until the next call.
     *
     * @return {@code restrict,command="…"}, as sshd(8) describes it
     */
    public String installGate(Gate gate) {
        var command = new StringBuilder(script.installGate());
        // Patterns are quoted, because the login shell runs the command.
        gate.words().forEach(word -> command.append(" '").append(word).append('\''));
        return "restrict,command=\"" + command + "\"";
    }

    @Override
    public void close() {
        host.close();
    }

    /** The rest of a deadline, or enough time to read an answer that has arrived. */
    private static Duration left(Duration deadline, long began) {
        var left = deadline.minusNanos(System.nanoTime() - began);
        return left.compareTo(ANSWER) > 0 ? left : ANSWER;
    }

    /** Asks the server for the result after the connection was lost: the deploy continues there. */
    private static Verb.Up afterLostConnection(
            ComposeException lost,
            ServerScript script,
            String project,
            String nonce,
            Duration deadline,
            PhaseClock clock) {
        if (lost.word() != Outcome.UNKNOWN) {
            throw lost;
        }
        try {
            return script.call(new Verb.Attend(project), nonce, NOTHING, deadline, clock);
        } catch (ComposeException | IllegalStateException e) { // the latter where another thread has closed the host
            lost.addSuppressed(e);
            throw lost;
        }
    }
}
