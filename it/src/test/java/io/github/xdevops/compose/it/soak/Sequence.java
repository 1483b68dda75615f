package io.github.xdevops.compose.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Steps in rounds, with a quiet point after each round. As text, a step is a line and a quiet point an empty one. */
public record Sequence(List<List<Step>> rounds) {
    private static final int MOST_LAPSES = 3;

    public Sequence {
        rounds = rounds.stream()
                .filter(round -> !round.isEmpty())
                .map(List::copyOf)
                .toList();
    }

    public int size() {
        return rounds.stream().mapToInt(List::size).sum();
    }

    /** The first rounds. */
    public Sequence first(int count) {
        return new Sequence(rounds.subList(0, count));
    }

    /** What is left when the steps at some positions are taken away. */
    Sequence without(int from, int to) {
        var left = new ArrayList<List<Step>>();
        int position = 0;
        for (var round : rounds) {
            var kept = new ArrayList<Step>();
            for (var step : round) {
                if (position < from || position >= to) {
                    kept.add(step);
                }
                position++;
            }
            left.add(kept);
        }
        return new Sequence(left);
    }

    /** What concerns one project, and all of them. */
    Sequence of(int project) {
        return new Sequence(rounds.stream()
                .map(round -> round.stream()
                        .filter(step -> step.project() == project || step.project() < 0)
                        .toList())
                .toList());
    }

    /** Whether the sweep's brake stays off: that many leases end at once by a wrong clock only. */
    boolean isSensible() {
        int lapses = 0;
        for (var round : rounds) {
            int more = (int)
                    round.stream().filter(step -> step.verb() == Verb.LAPSE).count();
            if (lapses + more > MOST_LAPSES) {
                return false;
            }
            // The sweep may have been earlier than what lapsed beside it.
            lapses = round.stream().anyMatch(Sequence::sweepsAll) ? more : lapses + more;
        }
        return true;
    }

    private static boolean sweepsAll(Step step) {
        return step.verb() == Verb.SWEEP && step.interruption() == Interruption.NONE;
    }

    public static Sequence parse(String text) {
        var rounds = new ArrayList<List<Step>>();
        var round = new ArrayList<Step>();
        for (var line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty()) {
                rounds.add(round);
                round = new ArrayList<>();
            } else if (!line.startsWith("#")) {
                round.add(Step.parse(line));
            }
        }
        rounds.add(round);
        return new Sequence(rounds);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return rounds.stream()
                .map(round -> round.stream().map(step -> step + "\n").collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }
}
