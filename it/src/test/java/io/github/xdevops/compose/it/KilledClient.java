package io.github.xdevops.compose.it;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.host.HostException;
import io.github.xdevops.compose.server.DeployOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client in a process of its own, to be killed: connected and warm, it does what it is asked for, one after the other. */
final class KilledClient implements AutoCloseable {
    private static final String BEGUN = "begun";

    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;

    /** Starts one, with its own directory for compose files. */
    KilledClient(String state, Path directory, String branch) throws IOException {
        process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledClient.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader();
        in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        in.println(state); // not as an argument: whoever has the state's name there works on the server
        in.println(directory);
        in.println(branch);
    }

    /** Begins {@code down}, {@code sweep}, or to deploy a version. */
    void ask(String what) throws IOException {
        in.println(what);
        var line = out.readLine();
        if (!BEGUN.equals(line)) {
            throw new AssertionError("the client says " + line + " when asked for " + what);
        }
    }

    /** Whether it is done with what it was asked for. */
    boolean answered() throws IOException {
        return out.ready();
    }

    /** How it ended, waiting for the end. */
    Answer answer() throws IOException {
        var line = out.readLine();
        var words = line.split(" ", 2);
        return new Answer(Outcome.valueOf(words[0]), words[1]);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** What a client says at the end. */
    record Answer(Outcome word, String message) {
        static Answer of(Runnable work) {
            try {
                work.run();
                return new Answer(Outcome.OK, "");
            } catch (ComposeException e) {
                return new Answer(e.word(), firstLine(e));
            } catch (HostException e) {
                return new Answer(Outcome.valueOf(e.fault().name()), firstLine(e));
            }
        }

        private static String firstLine(RuntimeException e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }

        boolean ok() {
            return word == Outcome.OK;
        }
    }

    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var server = TestServer.required();
        var state = in.readLine();
        var stack = new KilledStack(server, Path.of(in.readLine()), in.readLine());
        var project = stack.project();
        try (var stacks = server.stacks(state)) {
            for (var what = in.readLine(); what != null; what = in.readLine()) {
                Runnable work;
                switch (what) {
                    case "down" -> work = () -> stacks.down(project, Progress.NONE);
                    case "sweep" -> work = () -> stacks.sweep(Progress.NONE);
                    default -> {
                        var rendered = stack.rendered(what);
                        work = () -> stacks.deploy(rendered, DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
                    }
                }
                System.out.println(BEGUN);
                var answer = Answer.of(work);
                System.out.println(answer.word() + " " + answer.message());
            }
        }
    }
}
