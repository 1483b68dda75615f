package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.ci.GitCheckout;
import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.console.LiveProgress;
import io.github.xdevops.compose.maven.console.LoggedProgress;
import io.github.xdevops.compose.maven.console.PrintableLog;
import io.github.xdevops.compose.maven.console.ResultPlace;
import io.github.xdevops.compose.maven.console.ShownProgress;
import io.github.xdevops.compose.maven.console.Terminal;
import io.github.xdevops.compose.maven.pipeline.PipelineEvent;
import io.github.xdevops.compose.text.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** Base of all goals: {@code skip}, parameter checks, source detection, results, and error translation. */
abstract class ComposeMojo extends AbstractMojo {
    private static final Set<Outcome> BAD_INPUT = EnumSet.of(Outcome.USAGE, Outcome.DATA, Outcome.POLICY);

    /** Skips the goal. */
    @Parameter(property = "compose.skip", defaultValue = "false")
    private boolean skip;

    /** The file for the goal's result; by default, and with {@code -}, it is printed. */
    @Parameter(property = "compose.output")
    private @Nullable String output;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private @Nullable MavenSession session;

    @Parameter(defaultValue = "${project}", readonly = true)
    private @Nullable MavenProject module;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true)
    private @Nullable MojoExecution execution;

    private @Nullable Source source;
    private boolean begun;

    private @Nullable Log log;

    /** Executes the goal. */
    abstract void run() throws MojoExecutionException, MojoFailureException;

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        if (!getLog().isInfoEnabled()) {
            Console.leaveColoursAlone();
        }
        try {
            if (execution != null) {
                new GivenParameters(session(), execution, module).check();
            }
        } catch (ComposeException e) {
            fail(e.word(), e);
        }
        var itsTurn = isItsTurn();
        if (skip) {
            getLog().info("compose.skip is set: nothing to do");
            return;
        }
        if (!itsTurn) {
            getLog().debug("runs once, in the last module");
            return;
        }
        try {
            run();
        } catch (ComposeException e) {
            fail(e.word(), e);
        } catch (HostException e) {
            fail(Outcome.valueOf(e.fault().name()), e);
        } catch (RuntimeException e) { // a mistake of ours
            throw new MojoExecutionException(Printable.text(e.toString()), PrintableLog.printable(e));
        }
    }

    /**
     * Whether the goal runs in this module. A goal that is bound to a phase in the root POM is bound in every module. It runs
     * once, in the last module, also in parallel builds: earlier, the images of modules would come from a previous build.
     */
    private boolean isItsTurn() {
        var top = session().getTopLevelProject();
        if (module == null
                || execution == null
                || execution.getSource() == MojoExecution.Source.CLI
                || top == null
                || !isBound(top)) {
            return true;
        }
        var all = session().getProjects();
        if (!all.contains(top)) {
            return false;
        }
        var key = ComposeMojo.class.getName() + ":" + execution.getGoal() + "@" + execution.getExecutionId();
        synchronized (top) {
            var came = times(module, key) + 1; // a call may name several phases that lead through it
            module.setContextValue(key, came);
            return all.stream().filter(this::isBound).allMatch(project -> times(project, key) >= came);
        }
    }

    private static long times(MavenProject project, String key) {
        return project.getContextValue(key) instanceof Long number ? number : 0;
    }

    private boolean isBound(MavenProject project) {
        if (execution == null || Boolean.parseBoolean(project.getProperties().getProperty("compose.skip"))) {
            return false;
        }
        var plugin = project.getPlugin(execution.getPlugin().getKey());
        var bound = plugin == null ? null : plugin.getExecutionsAsMap().get(execution.getExecutionId());
        return bound != null && !"none".equals(bound.getPhase());
    }

    /** The plugin's coordinates with its version. */
    final String plugin() {
        if (execution == null) {
            throw new IllegalStateException("Maven does not say which goal this is");
        }
        return execution.getGroupId() + ":" + execution.getArtifactId() + ":" + execution.getVersion();
    }

    final MavenSession session() {
        if (session == null) {
            throw new IllegalStateException("Maven gave no session");
        }
        return session;
    }

    /** {@code name:password}; no parameter of Maven's, because its debug log shows those. */
    final @Nullable String basicAuth() {
        var given = session().getUserProperties().getProperty("compose.basicAuth");
        return given != null ? given : System.getenv("COMPOSE_BASIC_AUTH");
    }

    /** Progress on one line of a terminal if there is one, otherwise as lines of the log. */
    final ShownProgress progress() {
        var said = session().getUserProperties();
        var terminal = Terminal.of(
                Terminal.hasConsole(),
                session().getRequest().isInteractiveMode(),
                said.getProperty(said.containsKey("style.color") ? "style.color" : "maven.style.color"),
                System.getenv());
        return terminal.live() && getLog().isInfoEnabled()
                ? new LiveProgress(Console.out(), terminal.coloured())
                : new LoggedProgress(getLog());
    }

    /** Whether the result is JSON. */
    static boolean isJson(String format, String otherwise) {
        if (!format.equals(otherwise) && !format.equals("json")) {
            throw new ComposeException(
                    Outcome.USAGE, "compose.format = `" + format + "` is neither " + otherwise + " nor json");
        }
        return format.equals("json");
    }

    /** Prints a part of the result for people, or adds it to the output file. */
    final void print(String text) {
        put(text, Console::print);
    }

    /** Prints JSON or YAML for other programs, or adds it to the output file. */
    final void printData(String document) {
        put(document, Console::printData);
    }

    private void put(String text, Consumer<String> console) {
        var file = outputFile();
        if (file == null) {
            console.accept(text);
            return;
        }
        if (begun) {
            Console.append(file, text);
        } else {
            Console.write(file, text);
            getLog().info("Wrote " + output);
            begun = true;
        }
    }

    /** Prints a line of the result, also with {@code -q}. */
    final void result(String line) {
        if (outputFile() == null && getLog().isInfoEnabled()) {
            getLog().info(line);
        } else {
            print(line);
        }
    }

    /** The output file; {@code null} for standard output. */
    final @Nullable Path outputFile() {
        return output == null || output.equals("-")
                ? null
                : ResultPlace.checked(
                        checkout(),
                        directory().resolve(output),
                        session().getUserProperties().containsKey("compose.output"));
    }

    /** The root of the checkout; without one, the directory. */
    final Path checkout() {
        return GitCheckout.top(directory()).orElse(directory());
    }

    /** Whether standard output is set explicitly. */
    final boolean isPrinted() {
        return "-".equals(output);
    }

    /** The directory of the project, or Maven's working directory without one. */
    final Path directory() {
        return Path.of(session().getRequest().getBaseDirectory());
    }

    /** The source, from the pipeline or git. */
    final Source source() {
        if (source == null) {
            var pipeline = Pipelines.detect(System.getenv(), PipelineEvent.read(System.getenv()))
                    .orElse(null);
            if (pipeline == null) {
                source = GitCheckout.read(directory());
            } else {
                source = pipeline.isComplete() ? pipeline : pipeline.or(GitCheckout.read(directory()));
            }
        }
        return source;
    }

    /** Parses a time such as {@code 90s}, {@code 10m} or {@code PT10M}. */
    static Duration duration(String parameter, String text) {
        if (text.matches("0+[smhdw]?")) {
            return Duration.ZERO;
        }
        try {
            var duration = Lifetime.parse(text).duration();
            if (duration != null) {
                return duration;
            }
        } catch (ComposeException e) {
            // reported below, with the parameter's name
        }
        throw new ComposeException(
                Outcome.USAGE, parameter + " = `" + text + "` is not understood; write 90s, 10m, 1h or PT10M");
    }

    /** Maven's log, without terminal sequences and pipeline commands. */
    @Override
    public final Log getLog() {
        if (log == null) {
            log = new PrintableLog(super.getLog());
        }
        return log;
    }

    private static void fail(Outcome word, RuntimeException failure)
            throws MojoExecutionException, MojoFailureException {
        var page = Troubleshooting.page(String.valueOf(failure.getMessage()));
        var message = word + ": " + failure.getMessage() + (page == null ? "" : "\nSee " + page);
        var cause = PrintableLog.printable(failure);
        if (BAD_INPUT.contains(word)) {
            throw new MojoFailureException(message, cause);
        }
        throw new MojoExecutionException(message, cause);
    }
}
