package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stacks on a server: everything the Maven goals do, for Java programs. One thread at a time.
 *
 * <p>Every method throws {@link ComposeException} when it does not succeed; its word says how it ended.
 */
public final class Stacks implements AutoCloseable {
    /** Where records lie on a server by default, in the home directory of the user who logs in. */
    public static final String STATE_DIRECTORY = ".yourlabs.compose";

    private static final byte[] NOTHING = {};
    private static final Duration SHORT = Duration.ofMinutes(2);
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

    /** The stacks on a host, with their records in the default place. Closing them closes the host. */
    public static Stacks on(Host host) {
        return on(host, STATE_DIRECTORY);
    }

    /**
     * The stacks on a host.
     *
     * @param stateDirectory where records lie: absolute, or relative to the home directory
     */
    public static Stacks on(Host host, String stateDirectory) {
        return new Stacks(host, new ServerScript(host, stateDirectory));
    }

    /**
     * Brings images to the server over this connection, only the layers that it lacks. They have no names there; what no stack
     * has used for a day goes away.
     *
     * @param images the image of each service; several may have the same
     * @param timeouts how long each layer may take, by the time to come up
     * @return what to give to {@link StackBuilder#images(Map)}
     * @throws ComposeException {@code DATA} if an image cannot be read or loaded, {@code IOERR} if there is no room for it,
     *     {@code PROTO} if the connection was lost, which no environment knows of
     */
    public CarriedImages carry(Map<String, ImageSource> images, Timeouts timeouts, Progress progress) {
        progress.phase("carry");
        try {
            return new ImageCarrier(script, timeouts, progress).carry(images);
        } catch (ComposeException e) {
            throw e.word() == Outcome.UNKNOWN ? nothingChanged(e) : e;
        }
    }

    /**
     * What {@link #carry} would answer, as far as that is known before: an image that the server has is called as there. The
     * ID of one that it lacks is of no image there.
     *
     * @throws ComposeException {@code DATA} if an image cannot be read
     */
    public Map<String, String> imageIds(Map<String, ImageSource> images) {
        return new ImageCarrier(script, Timeouts.DEFAULT, Progress.NONE).ids(images);
    }

    /** Images without a name mean nothing to anybody until a deploy says theirs. */
    private static ComposeException nothingChanged(ComposeException lost) {
        return new ComposeException(Outcome.PROTO, "No environment was changed, try again: " + lost.getMessage(), lost);
    }

    /** Brings a stack up as {@link #deploy(Stack, DeployOptions, Progress)} does, with {@link DeployOptions#DEFAULT}. */
    public Deployed deploy(Stack stack, Progress progress) {
        return deploy(stack, DeployOptions.DEFAULT, progress);
    }

    /**
     * Brings a stack up and waits until its services are ready. Its lease is on the server's disk before its first
     * container. A redeploy of the same stack changes nothing but the lease.
     *
     * <p>The server may have no room for the stack: too little disk, memory or networks, or as many environments as its owner
     * allows. Expired environments are swept then; if that is not enough, the deploy fails with {@code IOERR}, {@code UNAVAIL} or
     * {@code POLICY} before anything of it is on the server.
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
        var deadline = options.timeouts().total();
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

    /** What a deploy of this stack would change, and whether it would be refused; waits for no lock and changes nothing. */
    public Plan plan(Stack stack) {
        var replies = new PlanReplies();
        var text = stack.text().getBytes(StandardCharsets.UTF_8);
        var now = script.call(new Verb.Show(stack), ServerScript.nonce(), text, SHORT, replies::hear);
        return replies.plan(stack, now);
    }

    /** Takes a stack down as {@link #down(String, DownOptions, Progress)} does; one that lives for ever is refused. */
    public boolean down(String project, Progress progress) {
        return down(project, DownOptions.DEFAULT, progress);
    }

    /**
     * Takes a stack down, with its containers, networks and volumes.
     *
     * @return whether there was one
     */
    public boolean down(String project, DownOptions options, Progress progress) {
        var down = new Verb.Down(Stack.checkProject(project), options);
        return script.call(down, ServerScript.nonce(), NOTHING, SWEEP, new PhaseClock(progress));
    }

    /** All stacks that have a record on the server, in the order of their names. */
    public List<StackStatus> list() {
        return status().stacks();
    }

    /** All stacks that have a record on the server, and whether what is over is removed there. */
    public ServerStatus status() {
        var replies = new ServerReplies();
        var now = script.call(new Verb.ListAll(), ServerScript.nonce(), NOTHING, SHORT, replies::hear);
        return replies.status(now);
    }

    /**
     * One stack: its record, and each of its containers.
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
     * @param name its project, the branch it is of, or the name it was given
     * @throws ComposeException {@code DATA} if there is none
     */
    public StackDetails find(String repository, String name) {
        var known = list().stream().map(StackStatus::project).toList();
        var ofBranch = Environment.of(repository, name).slug();
        return inspect(
                Stream.of(name, ofBranch, Environment.named(repository, name).slug())
                        .filter(known::contains)
                        .findFirst()
                        .orElse(ofBranch));
    }

    /**
     * What the containers of a stack wrote. Following ends when none runs any more, after a day, or with this connection; nothing
     * goes on on the server then.
     *
     * @param service of which service, or {@code null} for all; then each line begins with its container, if there are several
     * @param tail how many lines of each container that were written before, 0 to 100000
     * @param follow whether to wait for what they write from now on
     * @param lines gets each line on the calling thread, without control characters, and without what a pipeline would take for
     *     a command. Secrets that an application writes are in it. What it throws ends the following and is passed on
     * @throws ComposeException {@code DATA} if there is no such stack, or no container of the service
     */
    public void logs(String project, @Nullable String service, int tail, boolean follow, Consumer<String> lines) {
        if (tail < 0 || tail > MOST_LINES) {
            throw ComposeException.usage("The last " + tail + " lines cannot be had, only 0 to " + MOST_LINES);
        }
        var logs = new Verb.Logs(
                Stack.checkProject(project), service == null ? null : checkService(service), tail, follow);
        var nonce = ServerScript.nonce();
        var output = new ProgramOutput(nonce, lines);
        var unused = script.inFull().call(logs, nonce, NOTHING, follow ? DAY.plus(SHORT) : SHORT, output);
    }

    /**
     * Runs a command in a container of a stack, by the container's {@code sh}, without a terminal and without input. It stands in
     * no list of processes on the server. When this connection is lost, it goes on.
     *
     * @param service whose container, the first that was made of those that run
     * @param limit how long it may take, a second to a day
     * @param lines gets each line of both of its streams on the calling thread, as {@link #logs} does
     * @return its exit status, 0 to 255
     * @throws ComposeException {@code DATA} if there is no such stack, or no container of the service runs, {@code NOPERM} behind a
     *     gate that does not allow it, {@code UNKNOWN} if it did not end in time
     */
    public int exec(String project, String service, String command, Duration limit, Consumer<String> lines) {
        return exec(script, project, service, command, limit, lines);
    }

    /** The same in a stack that was deployed, with {@code ***} in place of its secrets in what the command prints. */
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
     * Keeps a stack for ever, whatever lifetime its deploys have, until it is extended.
     *
     * @param by who wants that, for those who would take it down; {@code null} if unknown
     */
    public void pin(String project, @Nullable String by, Progress progress) {
        var stdin = (by == null ? "" : by + "\n").getBytes(StandardCharsets.UTF_8);
        var pin = new Verb.Pin(Stack.checkProject(project));
        var unused = script.call(pin, ServerScript.nonce(), stdin, SHORT, telling(progress));
    }

    /** Gives a stack a new lease, counted from now; see {@link #extend(String, Lifetime, Progress)}. */
    public @Nullable Instant extend(String project, Lifetime lifetime) {
        return extend(project, lifetime, Progress.NONE);
    }

    /** Gives a stack a new lease, counted from now; one that lives for ever gets no end. */
    public @Nullable Instant extend(String project, Lifetime lifetime, Progress progress) {
        return extend(project, lifetime, false, progress);
    }

    /**
     * Gives a stack a new lease, counted from now. One that is pinned is so no longer, and the progress hears that.
     *
     * @param force whether one that lives for ever without being pinned may get an end; else that is refused with
     *     {@code POLICY}
     * @return when it ends, or {@code null} for never
     */
    public @Nullable Instant extend(String project, Lifetime lifetime, boolean force, Progress progress) {
        var extend = new Verb.Extend(Stack.checkProject(project), lifetime, force);
        return script.call(extend, ServerScript.nonce(), NOTHING, SHORT, telling(progress))
                .orElse(null);
    }

    private static BiConsumer<String, String> telling(Progress progress) {
        return (word, text) -> progress.line(Printable.line(text));
    }

    /** Removes every stack whose lease has ended; what the server's own sweeper does. */
    public Swept sweep(Progress progress) {
        return sweep(false, progress);
    }

    /**
     * Removes every stack whose lease has ended.
     *
     * @param force at once, also what the sweeper would hold back or try again later
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
     * Writes the gate's script on the server, and tells what to write in front of a public key in {@code ~/.ssh/authorized_keys}
     * there, so that the key opens the gate and nothing else. The gate's script stays as it is until this is called again.
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

    /** What is left of a deadline, or enough to hear an answer that is there already. */
    private static Duration left(Duration deadline, long began) {
        var left = deadline.minusNanos(System.nanoTime() - began);
        return left.compareTo(ANSWER) > 0 ? left : ANSWER;
    }

    /** The server goes on when the connection is lost: ask it, and never guess. */
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
