package io.github.xdevops.compose.it;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A project with records of its own, whose every operation is hit by a kill and must end as a clean one nevertheless. */
final class KilledProject implements AutoCloseable {
    /** What is killed. */
    enum Victim {
        CLIENT,
        WORKER,
        FRONT,
        DAEMON
    }

    private enum Operation {
        FIRST_DEPLOY,
        REDEPLOY,
        FAILING_REDEPLOY,
        DOWN,
        SWEEP;

        boolean deploys() {
            return this == FIRST_DEPLOY || this == REDEPLOY;
        }
    }

    private static final List<Operation> WHEN_LIVE = List.of(
            Operation.REDEPLOY,
            Operation.REDEPLOY,
            Operation.FAILING_REDEPLOY,
            Operation.FAILING_REDEPLOY,
            Operation.DOWN,
            Operation.SWEEP);
    private static final List<Victim> VICTIMS = List.of(
            Victim.CLIENT,
            Victim.CLIENT,
            Victim.CLIENT,
            Victim.WORKER,
            Victim.WORKER,
            Victim.WORKER,
            Victim.FRONT,
            Victim.FRONT);

    private final String name;
    private final String state;
    private final Path directory;
    private final Random random;
    private final KillTally tally;
    private final KilledStack stack;
    private final Truth truth;
    private final ScriptProcesses processes;
    private final Stacks stacks;
    private final Map<Operation, Long> durations = new EnumMap<>(Operation.class);
    private KilledClient client;
    private Operation operation = Operation.FIRST_DEPLOY;
    private String wanted = "";
    private @Nullable String live;
    private int versions;

    KilledProject(TestServer server, Path directory, String name, Random random, KillTally tally) throws IOException {
        this.name = name;
        this.state = "state-" + name;
        this.directory = directory;
        this.random = random;
        this.tally = tally;
        this.stack = new KilledStack(server, directory.resolve("here"), name);
        this.truth = new Truth(server, state, stack);
        this.processes = new ScriptProcesses(state);
        this.stacks = server.stacks(state);
        this.client = newClient();
    }

    /** Operations until so many of them were hit. */
    void hit(int times) throws Exception {
        for (int hits = 0; hits < times && tally.sound(); ) {
            var victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            begin();
            TestServer.pause(instant());
            var killed = kill(victim);
            if (killed) {
                hits++;
                tally.hit(victim);
            }
            watch("after the kill");
            var silent = killed && victim == Victim.CLIENT;
            var believed = !silent && believe(client.answer(), killed);
            if (!believed) {
                recover(victim);
            }
        }
    }

    /** Begins an operation, which one by chance. */
    void begin() throws Exception {
        operation = live == null ? Operation.FIRST_DEPLOY : WHEN_LIVE.get(random.nextInt(WHEN_LIVE.size()));
        wanted = operation.deploys() ? "v" + ++versions : String.valueOf(live);
        if (operation == Operation.SWEEP) {
            truth.expire();
        }
        client.ask(
                switch (operation) {
                    case FAILING_REDEPLOY -> KilledStack.BROKEN;
                    case DOWN, SWEEP -> operation.name().toLowerCase(Locale.ROOT);
                    default -> wanted;
                });
    }

    /** An instant within the operation, in milliseconds from its beginning. */
    long instant() {
        return (long) (random.nextDouble() * 1.1 * durations.getOrDefault(operation, 3000L));
    }

    /** After something that hit everybody, and is there again. */
    void recoverFromDaemon() throws Exception {
        client.answer();
        recover(Victim.DAEMON);
    }

    /** After the engine lost what Docker itself cannot put back: at least nothing stays. */
    void recoverFromLostNetworks() throws Exception {
        client.answer();
        sweepTwice("after the engine had lost its networks, and two sweeps");
    }

    private boolean kill(Victim victim) throws Exception {
        if (victim == Victim.CLIENT) {
            if (client.answered()) {
                return false;
            }
            client.close();
            client = newClient();
            return true;
        }
        var verb = switch (operation) {
            case DOWN -> "down";
            case SWEEP -> "sweep";
            default -> victim == Victim.WORKER ? "work" : "deploy";
        };
        var part = victim == Victim.FRONT ? 0 : random.nextInt(4);
        while (!client.answered()) {
            var hit = switch (part) {
                case 0 -> processes.killFirst(verb);
                case 1 -> processes.killCompose(verb);
                default -> processes.killSession(verb);
            };
            if (hit) {
                return true;
            }
            TestServer.pause(5);
        }
        return false;
    }

    /** What a client says must be true; whether it says that all is as it should be. */
    private boolean believe(KilledClient.Answer answer, boolean killed) {
        switch (operation) {
            case FIRST_DEPLOY, REDEPLOY -> {
                if (answer.ok()) {
                    live = wanted;
                    expectLive("the client said OK", KilledStack.LIFETIME);
                    return true;
                }
            }
            case FAILING_REDEPLOY -> {
                if (answer.ok()) {
                    tally.lost(this + ": the client said OK of a stack that ends at once");
                }
                if (restored(answer)) {
                    expectLive("the client said " + answer, KilledStack.LIFETIME_AT_MOST);
                    return true;
                }
            }
            case DOWN -> {
                if (answer.ok()) {
                    expectGone("the client said OK");
                    return true;
                }
            }
            case SWEEP -> {} // it does not say what became of each
        }
        if (!killed && operation != Operation.SWEEP) {
            tally.lost(this + ": without a kill the client said " + answer);
        }
        return false;
    }

    /** By chance: the same again, or the end of the lease and two sweeps. */
    private void recover(Victim victim) throws Exception {
        var sweeps = operation == Operation.SWEEP || random.nextBoolean();
        var what = "after the kill of the " + victim + (sweeps ? " and two sweeps" : " and another try");
        if (sweeps) {
            sweepTwice(what);
            return;
        }
        if (random.nextBoolean()) {
            processes.awaitNone();
        }
        var began = System.nanoTime();
        var answer = KilledClient.Answer.of(() -> {
            switch (operation) {
                case FAILING_REDEPLOY ->
                    stacks.deploy(stack.broken(), DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
                case DOWN -> stacks.down(stack.project(), Progress.NONE);
                default ->
                    stacks.deploy(stack.rendered(wanted), DeployOptions.within(KilledStack.TIMEOUTS), Progress.NONE);
            }
        });
        durations.put(operation, (System.nanoTime() - began) / 1_000_000);
        processes.awaitNone();
        watch(what);
        if (operation == Operation.FAILING_REDEPLOY ? !restored(answer) : !answer.ok()) {
            tally.lost(this + ": " + what + ": " + answer);
        }
        if (operation == Operation.DOWN) {
            expectGone(what);
        } else {
            live = wanted;
            expectLive(what, operation.deploys() ? KilledStack.LIFETIME : KilledStack.LIFETIME_AT_MOST);
        }
    }

    private void sweepTwice(String what) throws IOException {
        processes.awaitNone();
        truth.expire();
        stacks.sweep(Progress.NONE);
        watch("between two sweeps");
        stacks.sweep(Progress.NONE);
        expectGone(what);
    }

    private static boolean restored(KilledClient.Answer answer) {
        return answer.word() == Outcome.UNHEALTHY && answer.message().contains("; the previous version is up again");
    }

    private void watch(String when) {
        var unguarded = truth.unguarded();
        if (!unguarded.isEmpty()) {
            tally.leak(this + ": " + when + " without a record: " + unguarded);
        }
    }

    private void expectLive(String when, Duration lease) {
        var differences = truth.notLive(String.valueOf(live), lease);
        if (!differences.isEmpty()) {
            tally.lost(this + ": " + when + ", but " + differences);
        }
    }

    private void expectGone(String when) {
        var left = truth.notGone();
        if (!left.isEmpty()) {
            tally.leak(this + ": " + when + ", but there is " + left);
        }
        live = null;
    }

    private KilledClient newClient() throws IOException {
        return new KilledClient(state, directory.resolve("client"), name);
    }

    @Override
    public String toString() {
        return stack.project() + ", " + operation;
    }

    /** Leaves nothing on the server, whatever became of the test. */
    @Override
    public void close() throws IOException {
        client.close();
        try (stacks) {
            processes.awaitNone();
            stacks.down(stack.project(), DownOptions.FORCE, Progress.NONE);
        }
    }
}
