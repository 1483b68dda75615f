package io.github.xdevops.compose.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** What one candidate took, round by round, in seconds. */
final class Times {
    private final List<Double> rounds = new ArrayList<>();

    private Times(List<Double> rounds) {
        this.rounds.addAll(rounds);
    }

    Times() {
        this(List.of());
    }

    void measure(Runnable work) {
        var began = System.nanoTime();
        work.run();
        rounds.add((System.nanoTime() - began) / 1e9);
    }

    double min() {
        return sorted().get(0);
    }

    double median() {
        var sorted = sorted();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double max() {
        return sorted().get(rounds.size() - 1);
    }

    /** Compares with another candidate within each round, where both had the same neighbours. */
    Times against(Times other, DoubleBinaryOperator comparison) {
        return new Times(IntStream.range(0, rounds.size())
                .mapToObj(round -> comparison.applyAsDouble(rounds.get(round), other.rounds.get(round)))
                .toList());
    }

    private List<Double> sorted() {
        return rounds.stream().sorted().toList();
    }
}
