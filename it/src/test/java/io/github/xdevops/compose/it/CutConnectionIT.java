package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.it.CuttingRelay.Direction;
import io.github.xdevops.compose.it.KilledClient.Answer;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the connection breaks: what the client says is true, another try makes it whole, and nothing is left in the end. */
class CutConnectionIT {
    private static final int STEP = Integer.getInteger("cuts.step", Ring.count(4096, 256));
    /** The script is thirty times longer than all that is sent beside it. */
    private static final int STEP_OF_UPLOAD = 8 * STEP;

    private static final int LONGEST = 512 * 1024;
    /** With these a client says that it has changed nothing. */
    private static final Set<Outcome> NOT_STARTED =
            Set.of(Outcome.NOHOST, Outcome.NOPERM, Outcome.PROTO, Outcome.USAGE);

    private static final int AT_ONCE = 8;

    private enum Operation {
        FIRST_DEPLOY,
        REDEPLOY,
        DOWN
    }

    /** One connection is cut, after which the next one works, or every one. */
    private record Way(Operation operation, Direction direction, boolean everyConnection) {
        static List<Way> all() {
            return Stream.of(Operation.values())
                    .flatMap(operation -> Stream.of(Direction.values())
                            .flatMap(direction ->
                                    Stream.of(false, true).map(every -> new Way(operation, direction, every))))
                    .toList();
        }
    }

    @TempDir
    Path directory;

    private final List<Project> projects = new ArrayList<>();
    private final List<String> falseAnswers = new ArrayList<>();
    private final List<String> leaks = new ArrayList<>();
    private int cuts;
    private TestServer server;

    @BeforeEach
    void connect() {
        server = TestServer.required();
    }

    @AfterEach
    void takeDown() throws IOException {
        for (var project : projects) {
            project.close();
        }
    }

    @Test
    @Tag("cuts")
    @Tag("N8")
    @Tag("N9")
    void theClientReportsTheTruthWhereverTheConnectionBreaks() throws Exception {
        var pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var all = new ArrayList<Future<?>>();
            for (var way : Ring.sample(Way.all(), 5)) {
                var project = new Project();
                all.add(pool.submit(() -> project.cutEvery(way)));
            }
            var uploads = new Project();
            all.add(pool.submit(uploads::cutUploads));
            for (var one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            pool.shutdownNow();
            pool.awaitTermination(5, TimeUnit.MINUTES);
        }
        assertThat(falseAnswers).isEmpty();
        assertThat(leaks).isEmpty();
        assertThat(cuts).isPositive();
        Proof.claim("cuts" + Ring.note() + ": " + cuts + ", false successes: " + falseAnswers.size() + ", leaks: "
                + leaks.size());
    }

    private synchronized void cut() {
        cuts++;
    }

    private synchronized void untrue(String what) {
        System.err.println("UNTRUE " + what);
        falseAnswers.add(what);
    }

    private synchronized void leak(String what, List<String> left) {
        if (!left.isEmpty()) {
            System.err.println("LEAK " + what + ": " + left);
            leaks.add(what + ": " + left);
        }
    }

    /** One environment with records of its own, and a network that breaks in between. */
    private final class Project implements AutoCloseable {
        private final String state;
        private final KilledStack stack;
        private final Truth truth;
        private final ScriptProcesses processes;
        private final CuttingRelay relay;
        private final Stacks direct;
        private String live = "";
        private int versions;

        Project() throws IOException {
            var name = "cut-" + (char) ('a' + projects.size()); // no name begins another
            state = "state-" + name;
            stack = new KilledStack(server, directory.resolve(name), name);
            truth = new Truth(server, state, stack);
            processes = new ScriptProcesses(state);
            relay = new CuttingRelay(server.port());
            direct = server.stacks(state);
            projects.add(this);
        }

        /** One operation, cut further on each time until it is over before the cut. */
        void cutEvery(Way way) {
            var operation = way.operation();
            var direction = way.direction();
            var everyConnection = way.everyConnection();
            var step = everyConnection ? 4 * STEP : STEP;
            direct.sweep(Progress.NONE); // puts the script there
            for (var bytes = Ring.offset(step); bytes < LONGEST; bytes += step) {
                var what = operation + " cut " + direction + " after " + bytes
                        + (everyConnection ? " bytes of every connection" : " bytes");
                if (operation != Operation.FIRST_DEPLOY && live.isEmpty()) {
                    live = next();
                    direct.deploy(stack.rendered(live), DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
                }
                var cut = relay.cutAfter(direction, bytes, everyConnection);
                if (operation == Operation.DOWN) {
                    down(what);
                } else {
                    deploy(what);
                    if (operation == Operation.FIRST_DEPLOY && !live.isEmpty()) {
                        direct.down(stack.project(), Progress.NONE);
                        gone("down after " + what);
                    }
                }
                if (!count(cut)) {
                    return;
                }
            }
            throw new AssertionError(operation + " sends more than " + LONGEST + " bytes");
        }

        /** The same of a first deploy that has to bring the script along. */
        void cutUploads() {
            for (var bytes = Ring.offset(STEP_OF_UPLOAD); bytes < LONGEST; bytes += STEP_OF_UPLOAD) {
                server.login("rm -rf " + state + "/.host");
                var cut = relay.cutAfter(Direction.TO_SERVER, bytes, false);
                deploy("first deploy with its script cut after " + bytes + " bytes");
                if (!live.isEmpty()) {
                    direct.down(stack.project(), Progress.NONE);
                    gone("down after an upload that was cut after " + bytes + " bytes");
                }
                if (!count(cut)) {
                    return;
                }
            }
            throw new AssertionError("the script is longer than " + LONGEST + " bytes");
        }

        private Answer ask(Consumer<Stacks> work) {
            return Answer.of(() -> {
                try (var stacks = server.stacksThrough(relay.port(), state)) {
                    work.accept(stacks);
                }
            });
        }

        private boolean count(CuttingRelay.Cut cut) {
            if (cut.happened()) {
                cut();
            }
            return cut.happened();
        }

        private String next() {
            return "v" + ++versions;
        }

        private void deploy(String what) {
            var version = next();
            var rendered = stack.rendered(version);
            var answer =
                    ask(stacks -> stacks.deploy(rendered, DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE));
            leak(what, truth.unguarded());
            if (answer.ok()) {
                live = version;
                compare(what, answer, differences());
                return;
            }
            processes.awaitNone();
            leak(what, truth.unguarded());
            if (NOT_STARTED.contains(answer.word())) {
                // Another try would be as this one was, so the next cut is it.
                compare(what, answer, differences());
                tells(what);
                return;
            }
            // The worker on the server does not depend on the connection: all of it happened, or nothing.
            live = serves(version) ? version : live;
            compare(what, answer, differences());
            tells(what);
            direct.deploy(rendered, DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
            live = version;
            compare(what + ", and another try", answer, differences());
        }

        private void down(String what) {
            var answer = ask(stacks -> stacks.down(stack.project(), Progress.NONE));
            leak(what, truth.unguarded());
            if (!answer.ok()) {
                processes.awaitNone();
                leak(what, truth.unguarded());
                if (NOT_STARTED.contains(answer.word())) {
                    compare(what, answer, differences());
                    tells(what);
                    return;
                }
                direct.down(stack.project(), Progress.NONE);
            }
            gone(what);
        }

        private void gone(String what) {
            live = "";
            leak(what, truth.notGone());
            tells(what);
        }

        private boolean serves(String version) {
            return truth.recorded() && truth.composeFile().contains(" " + version + " ");
        }

        private List<String> differences() {
            return live.isEmpty() ? truth.notGone() : truth.notLive(live, KilledStack.LIFETIME);
        }

        /** The next call says how it is. */
        private void tells(String what) {
            var expected = live.isEmpty() ? "" : "running";
            var said = direct.list().stream()
                    .filter(status -> status.project().equals(stack.project()))
                    .map(status -> status.state().toString())
                    .findFirst()
                    .orElse("");
            if (!said.equals(expected)) {
                untrue(what + ": the list says `" + said + "` instead of `" + expected + "`");
            }
        }

        private void compare(String what, Answer answer, List<String> differences) {
            if (!differences.isEmpty()) {
                untrue(what + ": " + answer + ", but " + differences);
            }
        }

        @Override
        public void close() throws IOException {
            relay.close();
            try (direct) {
                processes.awaitNone();
                direct.down(stack.project(), DownOptions.FORCE, Progress.NONE);
            }
            server.login("rm -rf " + state);
        }
    }
}
