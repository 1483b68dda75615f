package io.github.xdevops.compose.it.soak;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes a sequence from a seed: what a team, its pipelines, accidents and time do to a server. */
@SuppressWarnings("EnumOrdinal") // neighbours in the order of the enum
public final class RandomSequence {
    private static final int LARGEST_ROUND = 9;
    private static final int ROUNDS_PER_RESTART = 40;
    private static final int[] LIFETIMES = {1800, 7200, 86_400, 604_800};
    private static final Version[] GOOD = {Version.A, Version.B, Version.C, Version.D};

    private final Random random;
    private final boolean[] present = new boolean[Target.PROJECTS];
    private final Version[] newest = new Version[Target.PROJECTS];
    private final long[] pipeline = new long[Target.PROJECTS];
    /** Its last redeploy of the same was disturbed. */
    private final boolean[] shaken = new boolean[Target.PROJECTS];

    private int lapses;

    private RandomSequence(long seed) {
        random = new Random(seed);
    }

    public static Sequence of(long seed, int steps) {
        return new RandomSequence(seed).make(steps);
    }

    private Sequence make(int steps) {
        var rounds = new ArrayList<List<Step>>();
        for (int left = steps; left > 0; left -= rounds.get(rounds.size() - 1).size()) {
            rounds.add(
                    rounds.size() % ROUNDS_PER_RESTART == ROUNDS_PER_RESTART / 4
                            ? restart(Math.min(left, 1 + random.nextInt(Target.LANES)))
                            : round(Math.min(left, 1 + random.nextInt(LARGEST_ROUND))));
        }
        return new Sequence(rounds);
    }

    /** The engine restarts while one step a lane is under way. */
    private List<Step> restart(int size) {
        var round = new ArrayList<>(List.of(Step.of(Verb.RESTART, -1).with(Interruption.NONE, random.nextInt(1500))));
        for (int lane = 0; round.size() < size; lane++) {
            round.add(step(lane + Target.LANES * random.nextInt(2)));
        }
        return round;
    }

    private List<Step> round(int size) {
        var round = new ArrayList<Step>();
        // What comes after an interruption in its lane would meet a host that nobody knows.
        Set<Integer> interrupted = new HashSet<>();
        if (lapses > 0 && (lapses == 3 || random.nextInt(3) == 0)) {
            round.add(sweep());
        }
        int lapsesBefore = lapses;
        while (round.size() < size && interrupted.size() < Target.LANES) {
            int project = random.nextInt(Target.PROJECTS);
            if (interrupted.contains(project % Target.LANES)) {
                continue;
            }
            var step = step(project);
            if (step.interruption() != Interruption.NONE) {
                interrupted.add(project % Target.LANES);
            }
            round.add(step);
        }
        if (!round.isEmpty()
                && round.get(0).verb() == Verb.SWEEP
                && round.get(0).interruption() == Interruption.NONE) {
            lapses -= lapsesBefore;
        }
        return round;
    }

    private Step sweep() {
        var sweep = Step.of(Verb.SWEEP, -1);
        return chance(15)
                ? sweep.with(chance(50) ? Interruption.KILL : Interruption.KILL_ALL, random.nextInt(400))
                : sweep;
    }

    private Step step(int project) {
        int dice = random.nextInt(100);
        if (!present[project]) {
            if (dice < 72) {
                return good(project);
            }
            if (dice < 82) {
                return deploy(project, Version.CRASH);
            }
            if (dice < 88) {
                return deploy(project, Version.REFUSED);
            }
            if (dice < 92) {
                return older(project);
            }
            return dice < 96 ? Step.extend(project, lifetime()) : down(project);
        }
        if (shaken[project] && dice < 40) {
            shaken[project] = false;
            return deploy(project, Version.CRASH);
        }
        if (dice < 18) {
            var same = interrupted(waiting(Step.deploy(project, newest[project], next(project), lifetime())));
            shaken[project] = same.interruption() != Interruption.NONE;
            return same;
        }
        if (dice < 30) {
            return good(project);
        }
        if (dice < 34) {
            return deploy(project, Version.CRASH);
        }
        if (dice < 41) {
            return deploy(project, Version.REFUSED);
        }
        if (dice < 49) {
            return older(project);
        }
        if (dice < 57) {
            return good(project).fromElsewhere();
        }
        if (dice < 65) {
            return good(project).withUrl(neighbour(project));
        }
        if (dice < 83) {
            return Step.extend(project, lifetime());
        }
        if (dice < 91 && lapses < 3) {
            lapses++;
            present[project] = false;
            return Step.of(Verb.LAPSE, project);
        }
        return down(project);
    }

    private Step good(int project) {
        newest[project] = GOOD[random.nextInt(GOOD.length)];
        return deploy(project, newest[project]);
    }

    private Step deploy(int project, Version version) {
        present[project] |= version != Version.REFUSED;
        newest[project] = newest[project] == null ? Version.A : newest[project];
        return interrupted(waiting(Step.deploy(project, version, next(project), lifetime())));
    }

    private Step older(int project) {
        return Step.deploy(project, Version.B, Math.max(1, pipeline[project] - 1 - random.nextInt(3)), lifetime());
    }

    private Step down(int project) {
        present[project] = false;
        var down = Step.of(Verb.DOWN, project);
        return chance(15)
                ? down.with(
                        List.of(Interruption.CUT, Interruption.KILL, Interruption.KILL_ALL)
                                .get(random.nextInt(3)),
                        random.nextInt(500))
                : down;
    }

    private Step waiting(Step step) {
        return chance(15) ? step.waiting() : step;
    }

    private Step interrupted(Step step) {
        return chance(20)
                ? step.with(
                        Interruption.values()[1 + random.nextInt(Interruption.values().length - 1)],
                        random.nextInt(step.waits() ? 3500 : 1200))
                : step;
    }

    /** By hand, the same pipeline again, or the next one. */
    private long next(int project) {
        return chance(10) ? 0 : chance(20) ? Math.max(1, pipeline[project]) : ++pipeline[project];
    }

    private int neighbour(int project) {
        int other = random.nextInt(Target.PROJECTS);
        return other % Target.LANES == project % Target.LANES && other != project ? other : neighbour(project);
    }

    private int lifetime() {
        return LIFETIMES[random.nextInt(LIFETIMES.length)];
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
