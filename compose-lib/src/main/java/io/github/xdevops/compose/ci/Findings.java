package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects facts from a job's environment, each with the variable it came from. */
final class Findings {
    private final String origin;
    private final Variables variables;
    private final Map<Fact, Finding> facts = new EnumMap<>(Fact.class);
    private @Nullable String problem;

    Findings(String origin, Variables variables) {
        this.origin = origin;
        this.variables = variables;
    }

    /** Adds the first of these variables that is set. */
    Findings first(Fact fact, String... names) {
        for (var name : names) {
            if (variables.has(name)) {
                return say(fact, variables.get(name), name);
            }
        }
        return this;
    }

    /** Adds the first of these variables that is set, if it is a number. */
    Findings digits(Fact fact, String... names) {
        for (var name : names) {
            if (variables.has(name)) {
                return say(fact, variables.digits(name), name);
            }
        }
        return this;
    }

    /** Adds a value that was derived from variables. Without a value, an earlier finding stays. */
    Findings say(Fact fact, @Nullable String value, String by) {
        if (value != null) {
            facts.putIfAbsent(fact, new Finding(value, by));
        }
        return this;
    }

    /** Adds the tag that is built. A tag is on no branch, whatever the branch variables contain. */
    Findings tag(@Nullable String tag, String by) {
        if (tag != null) {
            facts.remove(Fact.BRANCH);
            say(Fact.TAG, tag, by);
        }
        return this;
    }

    /** Adds a request from another repository, whose branches do not belong to this one. */
    Findings fork(@Nullable String fork, String by) {
        if (fork != null) {
            facts.put(Fact.REPOSITORY, new Finding(fork, by));
            say(Fact.FORK, fork, by);
        }
        return this;
    }

    /** Adds a fork whose name is unknown. Two such forks differ if their requests have numbers. */
    Findings unknownFork(@Nullable String base, String by) {
        var request = facts.get(Fact.REQUEST);
        return fork(
                "a fork of " + base + " that is not known" + (request == null ? "" : ", request " + request.value()),
                by);
    }

    /** Adds an event that may concern another branch than the one it runs on. The branch counts only if it is checked out. */
    Findings uncertain(@Nullable String event, String by) {
        return say(Fact.EVENT, event, by);
    }

    /** Adds an event that certainly concerns another branch than the one it runs on. */
    Findings elsewhere(@Nullable String event, String by) {
        facts.remove(Fact.BRANCH);
        facts.remove(Fact.TAG);
        return say(Fact.EVENT, event, by);
    }

    Findings problem(@Nullable String reason) {
        problem = reason;
        return this;
    }

    Source source() {
        for (var fact : List.of(Fact.REPOSITORY, Fact.FORK)) {
            facts.computeIfPresent(
                    fact, (key, said) -> new Finding(RepositoryName.normalized(said.value()), said.by()));
        }
        return new Source(origin, facts, problem);
    }
}
