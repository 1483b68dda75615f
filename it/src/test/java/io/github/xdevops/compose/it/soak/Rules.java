package io.github.xdevops.compose.it.soak;

import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.it.soak.State.Phase;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What each step makes of a project: all that the test knows of the host's protocol. */
final class Rules {
    private static final int FAILED_LEASE = 3600;

    private Rules() {}

    /** What the client is told, and what the project is then. */
    record Next(Outcome word, State state) {}

    /**
     * A step that nothing interrupts.
     *
     * @param window when it happened, in the host's seconds
     * @param taken whether another project has the URL
     */
    static Next after(State now, Step step, Lease window, boolean taken) {
        return switch (step.verb()) {
            case DEPLOY -> deploy(now, step, window, taken);
            case EXTEND ->
                !now.present() || now.phase() == Phase.REMOVING
                        ? new Next(Outcome.DATA, now)
                        : new Next(Outcome.OK, now.with(window.plus(step.lifetime())));
            case DOWN -> new Next(Outcome.OK, buried(now).absent());
            case LAPSE -> new Next(Outcome.OK, now.present() ? now.with(Lease.ENDED) : now);
            case SWEEP -> new Next(Outcome.OK, now.due() ? now.absent() : now);
            case RESTART -> new Next(Outcome.OK, now.restarted());
        };
    }

    /** Everything that a step may leave behind when it is interrupted. */
    static Set<State> cutOff(State now, Step step, Lease window) {
        var all = new HashSet<>(Set.of(now));
        switch (step.verb()) {
            case DEPLOY -> cutOffDeploy(now, step, window, all);
            case DOWN -> {
                if (now.present()) {
                    all.add(buried(now));
                    all.add(buried(now).with(Phase.REMOVING));
                    all.add(buried(now).absent());
                }
            }
            case SWEEP -> {
                if (now.due()) {
                    all.add(now.with(Phase.REMOVING));
                    all.add(now.absent());
                }
            }
            default -> {} // they do one thing, or nothing
        }
        return all;
    }

    private static Next deploy(State found, Step step, Lease window, boolean taken) {
        var now = found.phase() == Phase.REMOVING ? found.absent() : found;
        var refusal = refusal(now, step, taken);
        if (refusal != null) {
            return new Next(refusal, now);
        }
        return step.version() == Version.CRASH
                ? new Next(Outcome.UNHEALTHY, failed(now, step, window))
                : new Next(Outcome.OK, live(now, step, window));
    }

    private static Outcome refusal(State now, Step step, boolean taken) {
        if (now.present() && now.other() != step.other()) {
            return Outcome.DATA;
        }
        if (step.sequence() > 0 && step.sequence() < newest(now, step)) {
            return Outcome.BUSY;
        }
        return step.version() == Version.REFUSED || taken ? Outcome.DATA : null;
    }

    /** The pipeline that an older one must not follow. */
    private static long newest(State now, Step step) {
        if (now.present()) {
            return now.sequence();
        }
        return now.gone() != null && now.gone().other() == step.other()
                ? now.gone().sequence()
                : 0;
    }

    private static State live(State now, Step step, Lease window) {
        return made(Phase.LIVE, now, step, step.content(), window.plus(step.lifetime()));
    }

    private static State failed(State now, Step step, Lease window) {
        var served = served(now, step);
        if (served != null) {
            return made(Phase.LIVE, now, step, served, lengthened(now, step, window));
        }
        // What never served is only kept to be looked at.
        var lease = now.served() ? lengthened(now, step, window) : window.plus(Math.min(FAILED_LEASE, step.lifetime()));
        return made(Phase.FAILED, now, step, step.content(), lease);
    }

    /** What comes up again when this deploy fails. */
    private static Content served(State now, Step step) {
        return now.served()
                        && (now.phase() == Phase.LIVE || now.previous() == null)
                        && !step.content().equals(now.file())
                ? now.file()
                : now.previous();
    }

    private static State made(Phase phase, State now, Step step, Content file, Lease lease) {
        var sequence = step.sequence() == 0 ? now.sequence() : step.sequence();
        var served = now.served() || phase == Phase.LIVE;
        var generation = now.generation() + 1;
        return new State(
                phase, file, null, file.url(), step.other(), sequence, generation, lease, served, false, now.gone());
    }

    private static Lease lengthened(State now, Step step, Lease window) {
        return window.plus(step.lifetime() + Step.BUDGET + step.ready()).or(now.lease());
    }

    private static State buried(State now) {
        return now.sequence() > 0 ? now.with(new Gone(now.sequence(), now.other())) : now;
    }

    private static void cutOffDeploy(State found, Step step, Lease window, Set<State> all) {
        var now = found.phase() == Phase.REMOVING ? found.absent() : found;
        all.add(now);
        if (refusal(now, step, false) != null) {
            return;
        }
        var lease = lengthened(now, step, window).to(window.plus(Math.min(FAILED_LEASE, step.lifetime())));
        if (now.present()) {
            lease = lease.to(now.lease());
        }
        var served = served(now, step);
        for (var previous : Arrays.asList(now.previous(), served, null)) {
            if (now.present()) {
                all.add(now.withFiles(now.file(), previous).with(lease));
            }
            all.add(live(now, step, window).withFiles(step.content(), previous));
            if (served != null) {
                all.add(made(Phase.LIVE, now, step, served, lease).withFiles(served, previous));
            }
            for (var file : Arrays.asList(now.file(), step.content(), served)) {
                if (file != null) {
                    // The manifest is of the new deploy until all is over.
                    var begun = made(Phase.DEPLOYING, now, step, step.content(), lease)
                            .withFiles(file, previous);
                    all.add(begun);
                    all.add(begun.with(Phase.FAILED));
                    all.add(made(Phase.FAILED, now, step, file, lease).withFiles(file, previous));
                }
            }
        }
    }
}
