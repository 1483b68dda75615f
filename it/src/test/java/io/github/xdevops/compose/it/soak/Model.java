package io.github.xdevops.compose.it.soak;

import io.github.xdevops.compose.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Follows a host from one quiet point to the next. What is done at the same time or interrupted has several possible ends; each is kept
 * until the host shows which one it is.
 */
final class Model {
    private final List<Set<State>> projects = new ArrayList<>();
    private Snapshot last;

    /** @param empty the host before anything was done */
    Model(Snapshot empty) {
        last = empty;
        for (int i = 0; i < empty.projects().size(); i++) {
            projects.add(Set.of(State.NOTHING));
        }
    }

    /** Compares the host with what it must be after these steps; gives one line for each difference, with its project in front. */
    List<Divergence> follow(int number, List<Step> round, List<StepResult> outcomes, Snapshot now) {
        var window = new Lease(last.now(), now.now());
        var differences = new ArrayList<Divergence>();
        for (int i = 0; i < round.size(); i++) {
            var step = round.get(i);
            if (step.project() < 0) {
                if (!isDisturbed(step, round) && outcomes.get(i).word() != Outcome.OK) {
                    differences.add(new Divergence(number, -1, step + " ended with " + outcomes.get(i)));
                }
                continue;
            }
            meetSweeps(round, outcomes, window);
            var before = projects.get(step.project());
            var after = after(step, outcomes.get(i), window, isDisturbed(step, round));
            if (after.isEmpty()) {
                differences.add(new Divergence(
                        number,
                        step.project(),
                        step + " ended with " + outcomes.get(i) + ", and the project was " + before));
                return differences;
            }
            projects.set(step.project(), after);
        }
        meetSweeps(round, outcomes, window);
        for (int project = 0; project < projects.size(); project++) {
            compare(number, project, round, outcomes, now, differences);
        }
        compareOthers(number, round, now, differences);
        last = now;
        return differences;
    }

    private Set<State> after(Step step, StepResult outcome, Lease window, boolean disturbed) {
        var possible = new HashSet<State>();
        for (var state : projects.get(step.project())) {
            for (var taken : taken(step)) {
                var next = Rules.after(state, step, window, taken);
                if (next.word() == outcome.word() && agrees(step, state, next.state(), outcome, disturbed)) {
                    possible.add(
                            outcome.expires() > 0
                                    ? next.state().with(new Lease(outcome.expires(), outcome.expires()))
                                    : next.state());
                }
            }
            if (disturbed && outcome.word() != Outcome.OK) {
                possible.addAll(Rules.cutOff(state, step, window));
            }
        }
        return possible;
    }

    private static boolean agrees(Step step, State before, State after, StepResult outcome, boolean disturbed) {
        if (outcome.word() != Outcome.OK) {
            return true;
        }
        return switch (step.verb()) {
            case DEPLOY ->
                outcome.generation() == after.generation()
                        && after.lease().holds(outcome.expires())
                        && (disturbed || mayChange(before, after, outcome.changed()));
            case EXTEND -> after.lease().holds(outcome.expires());
            case DOWN -> outcome.changed() == before.present();
            default -> true;
        };
    }

    /** Whether a deploy that leads from one state to the other may say so; what runs after an accident is not known. */
    private static boolean mayChange(State before, State after, boolean changed) {
        return switch (before.phase()) {
            case ABSENT -> changed;
            case LIVE -> before.stopped() || changed != after.file().equals(before.file());
            default -> true;
        };
    }

    /** Whether the step's URL is another project's: true, false, or both where that is not known. */
    private Set<Boolean> taken(Step step) {
        var possible = new HashSet<Boolean>();
        var free = true;
        for (int other = 0; other < projects.size(); other++) {
            if (other == step.project()) {
                continue;
            }
            var holding = projects.get(other).stream()
                    .filter(state -> state.present() && state.url() == step.url())
                    .count();
            if (holding > 0) {
                possible.add(true);
            }
            free &= holding < projects.get(other).size();
        }
        if (free) {
            possible.add(false);
        }
        return possible;
    }

    /** A sweep that runs beside other steps may meet their projects at any moment; the others it meets for sure. */
    private void meetSweeps(List<Step> round, List<StepResult> outcomes, Lease window) {
        for (int i = 0; i < round.size(); i++) {
            var step = round.get(i);
            if (step.verb() == Verb.RESTART) {
                projects.replaceAll(Model::restarted);
            }
            if (step.verb() != Verb.SWEEP) {
                continue;
            }
            for (int project = 0; project < projects.size(); project++) {
                var before = projects.get(project);
                var after = each(
                        before, state -> Rules.after(state, step, window, false).state());
                if (outcomes.get(i).word() != Outcome.OK) {
                    for (var state : before) {
                        after.addAll(Rules.cutOff(state, step, window));
                    }
                } else if (isTouched(project, round)
                        || last.projects().get(project).backoff()) {
                    after.addAll(before);
                }
                projects.set(project, after);
            }
        }
    }

    private static Set<State> restarted(Set<State> states) {
        return each(states, State::restarted);
    }

    private static Set<State> each(Collection<State> states, UnaryOperator<State> change) {
        var changed = new HashSet<State>();
        states.forEach(state -> changed.add(change.apply(state)));
        return changed;
    }

    private void compare(
            int number,
            int project,
            List<Step> round,
            List<StepResult> outcomes,
            Snapshot now,
            List<Divergence> differences) {
        var seen = now.projects().get(project);
        var before = last.projects().get(project);
        var possible = projects.get(project);
        var really = new HashSet<State>();
        for (var state : possible) {
            if (state.matches(seen)) {
                really.add(state.present() ? state.with(new Lease(seen.lease(), seen.lease())) : state);
            }
        }
        projects.set(project, really);
        if (!seen.record() && !seen.resources().isEmpty()) {
            differences.add(new Divergence(number, project, "left without a record: " + seen.resources()));
        } else if (really.isEmpty()) {
            differences.add(new Divergence(number, project, "is " + seen + ", and not one of " + possible));
        } else if (seen.record() && seen.created() == before.created() && seen.sequence() < before.sequence()) {
            differences.add(new Divergence(
                    number, project, "went back from pipeline " + before.sequence() + " to " + seen.sequence()));
        } else if (isLeftAlone(project, before, round) && !seen.equals(before)) {
            differences.add(
                    new Divergence(number, project, "nobody touched it, and it was " + before + " and is " + seen));
        }
        for (int i = 0; i < round.size(); i++) {
            var outcome = outcomes.get(i);
            if (round.get(i).verb() == Verb.SWEEP
                    && outcome.word() == Outcome.OK
                    && !isTouched(project, round)
                    && outcome.removed().contains(project) != (before.record() && !seen.record())) {
                differences.add(new Divergence(
                        number, project, "was " + before + ", and the sweep says it removed " + outcome.removed()));
            }
        }
    }

    private void compareOthers(int number, List<Step> round, Snapshot now, List<Divergence> differences) {
        if (!now.others().equals(last.others()) && round.stream().noneMatch(step -> step.verb() == Verb.RESTART)) {
            differences.add(
                    new Divergence(number, -1, "what is not ours was " + last.others() + ", and is " + now.others()));
        }
        if (now.garbage() > last.garbage() && round.stream().noneMatch(step -> isDisturbed(step, round))) {
            differences.add(new Divergence(
                    number,
                    -1,
                    now.garbage() + " uploads and removed records lie about, before it were " + last.garbage()));
        }
    }

    private static boolean isDisturbed(Step step, List<Step> round) {
        return step.interruption() != Interruption.NONE || (restarts(round) && step.verb() != Verb.RESTART);
    }

    private static boolean restarts(List<Step> round) {
        return round.stream().anyMatch(step -> step.verb() == Verb.RESTART);
    }

    private static boolean isTouched(int project, List<Step> round) {
        return round.stream().anyMatch(step -> step.project() == project);
    }

    private static boolean isLeftAlone(int project, Seen before, List<Step> round) {
        var due = before.removing() || before.lease() == Target.LONG_AGO;
        return !isTouched(project, round)
                && round.stream().noneMatch(step -> step.verb() == Verb.RESTART || (due && step.verb() == Verb.SWEEP));
    }
}
