package io.github.xdevops.compose.it.soak;

import io.github.xdevops.compose.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A host in memory, with a fault. */
final class FakeHost implements Target {
    /** What the host does wrong. */
    enum Fault {
        NONE,
        LEAKS_WHEN_DOWN_FOLLOWS_EXTEND,
        LETS_OLDER_PIPELINES_WIN,
        FORGETS_WHAT_WAS_TAKEN_DOWN,
        TAKES_URLS_OF_OTHERS,
        TAKES_PROJECTS_OF_OTHERS,
        SWEEPS_WHAT_HAS_NOT_ENDED,
        LEAVES_THE_PREVIOUS_FILE_DOWN,
        EXTENDS_A_NEIGHBOUR_TOO,
        LEAVES_UPLOADS_ABOUT,
        FORGETS_WHAT_SERVED_WHEN_KILLED,
        LOSES_THE_RECORD_WHEN_KILLED
    }

    private static final class Stack {
        String state = "live";
        Content file;
        Content previous;
        Set<String> containers = new TreeSet<>();
        boolean other;
        boolean extended;
        boolean served;
        long sequence;
        long generation;
        long created;
        long lease;
    }

    private final Fault fault;
    private final Map<Integer, Stack> stacks = new TreeMap<>();
    private final Map<Integer, Set<String>> leaked = new TreeMap<>();
    private final Map<Integer, Gone> gone = new TreeMap<>();
    private long now;
    private int garbage;

    FakeHost(Fault fault) {
        this.fault = fault;
    }

    @Override
    public void reset() {
        stacks.clear();
        leaked.clear();
        gone.clear();
        now = 1_800_000_000;
        garbage = 0;
    }

    @Override
    public List<StepResult> play(List<Step> round) {
        var outcomes = new ArrayList<StepResult>();
        for (var step : round) {
            now++;
            outcomes.add(step.interruption() == Interruption.NONE ? play(step) : interrupted(step));
        }
        return outcomes;
    }

    private StepResult interrupted(Step step) {
        var chance = step.millis() % 4;
        if (chance == 0) {
            return play(step).withHit(true);
        }
        if (chance == 1
                && step.verb() == Verb.DEPLOY
                && isNewOrTheSame(step)
                && !isOfOthers(step)
                && !refused(step)
                && !isOlder(step)) {
            var stack = begin(step);
            stack.state = "deploying";
            stack.containers.clear();
            stack.served &= fault != Fault.FORGETS_WHAT_SERVED_WHEN_KILLED;
            if (fault == Fault.LOSES_THE_RECORD_WHEN_KILLED) {
                leaked.put(step.project(), Set.of("web:A running 1"));
                stacks.remove(step.project());
            }
        } else if (chance == 2) {
            play(step);
        }
        return StepResult.failed(Outcome.UNKNOWN, "nobody knows").withHit(true);
    }

    private boolean isNewOrTheSame(Step step) {
        var stack = stacks.get(step.project());
        return stack == null || (stack.served && stack.file.equals(step.content()));
    }

    private StepResult play(Step step) {
        var stack = stacks.get(step.project());
        switch (step.verb()) {
            case DEPLOY -> {
                return deploy(step);
            }
            case EXTEND -> {
                if (stack == null) {
                    return StepResult.failed(Outcome.DATA, "gone");
                }
                stack.extended = true;
                stack.lease = now + step.lifetime();
                var neighbour = stacks.get(step.project() + 1);
                if (fault == Fault.EXTENDS_A_NEIGHBOUR_TOO && neighbour != null) {
                    neighbour.lease++;
                }
                return StepResult.extended(stack.lease);
            }
            case DOWN -> {
                if (stack != null && stack.sequence > 0 && fault != Fault.FORGETS_WHAT_WAS_TAKEN_DOWN) {
                    gone.put(step.project(), new Gone(stack.sequence, stack.other));
                }
                if (stack != null && stack.extended && fault == Fault.LEAKS_WHEN_DOWN_FOLLOWS_EXTEND) {
                    leaked.put(step.project(), stack.containers);
                }
                stacks.remove(step.project());
                return StepResult.down(stack != null);
            }
            case LAPSE -> {
                if (stack != null) {
                    stack.lease = LONG_AGO;
                }
            }
            case SWEEP -> {
                return sweep();
            }
            case RESTART -> stacks.values().forEach(FakeHost::stop);
        }
        return StepResult.ok();
    }

    private StepResult sweep() {
        var removed = new HashSet<Integer>();
        stacks.forEach((project, stack) -> {
            if (stack.lease == LONG_AGO || (fault == Fault.SWEEPS_WHAT_HAS_NOT_ENDED && stack.lease < now + 1900)) {
                removed.add(project);
            }
        });
        stacks.keySet().removeAll(removed);
        return StepResult.swept(removed);
    }

    private static void stop(Stack stack) {
        var stopped = new TreeSet<String>();
        stack.containers.forEach(container -> stopped.add(container.replace("running", "exited")));
        stack.containers = stopped;
    }

    private StepResult deploy(Step step) {
        var older = stacks.get(step.project());
        if (isOfOthers(step)) {
            return StepResult.failed(Outcome.DATA, "belongs to another repository");
        }
        if (isOlder(step)) {
            return StepResult.failed(Outcome.BUSY, "superseded");
        }
        if (refused(step)) {
            garbage += fault == Fault.LEAVES_UPLOADS_ABOUT ? 1 : 0;
            return StepResult.failed(Outcome.DATA, "refused");
        }
        var changed = older == null || !older.state.equals("live") || !older.file.equals(step.content());
        var stack = begin(step);
        if (step.version() != Version.CRASH) {
            stack.state = "live";
            stack.served = true;
            stack.previous = null;
            stack.lease = now + step.lifetime();
            return StepResult.deployed(stack.generation, stack.lease, changed);
        }
        if (stack.previous != null && fault != Fault.LEAVES_THE_PREVIOUS_FILE_DOWN) {
            stack.state = "live";
            stack.file = stack.previous;
            stack.previous = null;
            stack.containers = running(stack.file);
        } else {
            stack.state = "failed";
            stack.lease = stack.served ? stack.lease : now + Math.min(3600, step.lifetime());
        }
        return StepResult.failed(Outcome.UNHEALTHY, "crashed");
    }

    private boolean isOlder(Step step) {
        var stack = stacks.get(step.project());
        var buried = gone.get(step.project());
        var newest = stack != null
                ? stack.sequence
                : buried != null && buried.other() == step.other() ? buried.sequence() : 0;
        return step.sequence() > 0 && step.sequence() < newest && fault != Fault.LETS_OLDER_PIPELINES_WIN;
    }

    private boolean isOfOthers(Step step) {
        var stack = stacks.get(step.project());
        return stack != null && stack.other != step.other() && fault != Fault.TAKES_PROJECTS_OF_OTHERS;
    }

    private boolean refused(Step step) {
        return step.version() == Version.REFUSED
                || (fault != Fault.TAKES_URLS_OF_OTHERS
                        && stacks.entrySet().stream()
                                .anyMatch(other -> other.getKey() != step.project()
                                        && other.getValue().file.url() == step.url()));
    }

    private Stack begin(Step step) {
        var stack = stacks.computeIfAbsent(step.project(), project -> new Stack());
        if (stack.generation == 0) {
            stack.created = now;
        } else if ((stack.state.equals("live") || (stack.served && stack.previous == null))
                && !stack.file.equals(step.content())) {
            stack.previous = stack.file;
        }
        stack.lease = Math.max(stack.lease, now + step.lifetime() + Step.BUDGET + step.ready());
        stack.state = "deploying";
        stack.file = step.content();
        stack.other = step.other();
        stack.sequence = step.sequence() == 0 ? stack.sequence : step.sequence();
        stack.generation++;
        stack.containers = running(stack.file);
        return stack;
    }

    private static Set<String> running(Content content) {
        var containers = new TreeSet<String>();
        content.version().containers().forEach(container -> containers.add(container + " running 1"));
        return containers;
    }

    @Override
    public Snapshot look() {
        now++;
        var projects = new ArrayList<Seen>();
        for (int project = 0; project < PROJECTS; project++) {
            projects.add(look(project));
        }
        return new Snapshot(now, projects, List.of(), garbage);
    }

    private Seen look(int project) {
        var stack = stacks.get(project);
        if (stack == null) {
            return new Seen(
                    false,
                    "",
                    false,
                    false,
                    -1,
                    0,
                    0,
                    0,
                    null,
                    null,
                    0,
                    false,
                    Set.of(),
                    leaked.getOrDefault(project, Set.of()),
                    gone.get(project));
        }
        return new Seen(
                true,
                stack.state,
                false,
                stack.other,
                stack.file.url(),
                stack.sequence,
                stack.generation,
                stack.created,
                stack.file,
                stack.previous,
                stack.lease,
                false,
                Set.copyOf(stack.containers),
                Set.copyOf(stack.containers),
                gone.get(project));
    }
}
