package io.github.xdevops.compose.ci;

import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a job's environment says, and which variable says it. */
final class Findings {
    private final String origin;
    private final Variables variables;
    private final Map<Fact, Finding> facts = new EnumMap<>(Fact.class);
    private @Nullable String problem;

    Findings(String origin, Variables variables) {
        this.origin = origin;
        this.variables = variables;
    }

    /** The first of these variables that is there. */
    Findings first(Fact fact, String... names) {
        for (var name : names) {
            if (variables.has(name)) {
                return say(fact, variables.get(name), name);
            }
        }
        return this;
    }

    /** The first that is there, if it is a number. */
    Findings digits(Fact fact, String... names) {
        for (var name : names) {
            if (variables.has(name)) {
                return say(fact, variables.digits(name), name);
            }
        }
        return this;
    }

    /** What was made of one variable or several; nothing if there is no value, and what was said before stays. */
    Findings say(Fact fact, @Nullable String value, String by) {
        if (value != null) {
            facts.putIfAbsent(fact, new Finding(value, by));
        }
        return this;
    }

    /** A tag that is built; it is on no branch, whatever variables of branches say. */
    Findings tag(@Nullable String tag, String by) {
        if (tag != null) {
            facts.remove(Fact.BRANCH);
            say(Fact.TAG, tag, by);
        }
        return this;
    }

    /** A request that comes from another repository, whose branches are not this one's. */
    Findings fork(@Nullable String fork, String by) {
        if (fork != null) {
            facts.put(Fact.REPOSITORY, new Finding(fork, by));
            say(Fact.FORK, fork, by);
        }
        return this;
    }

    /** A fork that has no name here; two of them are two, as far as their requests have numbers. */
    Findings unknownFork(@Nullable String base, String by) {
        var request = facts.get(Fact.REQUEST);
        return fork(
                "a fork of " + base + " that is not known" + (request == null ? "" : ", request " + request.value()),
                by);
    }

    /** An event that runs on a branch, whatever it is about: what was said of the branch counts only if that is checked out. */
    Findings uncertain(@Nullable String event, String by) {
        return say(Fact.EVENT, event, by);
    }

    /** An event whose branch is certainly not the one that it is about. */
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
