package io.github.xdevops.compose.it.soak;

import java.util.List;
import java.util.function.Consumer;

/**
 * What became of a sequence.
 *
 * @param crashes interruptions that found something to interrupt
 * @param divergences where the host was not what the model says; the sequence ends there
 */
public record Soak(int steps, int rounds, int deploys, int crashes, int restarts, List<Divergence> divergences) {
    /**
     * Plays a sequence on an empty host, as far as it goes well.
     *
     * @param progress hears the number of each round that went well
     */
    public static Soak play(Sequence sequence, Target target, Consumer<Integer> progress) {
        target.reset();
        var model = new Model(target.look());
        int steps = 0;
        int deploys = 0;
        int crashes = 0;
        int restarts = 0;
        for (int number = 0; number < sequence.rounds().size(); number++) {
            var round = sequence.rounds().get(number);
            var outcomes = target.play(round);
            for (int i = 0; i < round.size(); i++) {
                steps++;
                deploys += round.get(i).verb() == Verb.DEPLOY ? 1 : 0;
                restarts += round.get(i).verb() == Verb.RESTART ? 1 : 0;
                crashes += outcomes.get(i).hit() ? 1 : 0;
            }
            var differences = model.follow(number, round, outcomes, target.look());
            if (!differences.isEmpty()) {
                return new Soak(steps, number + 1, deploys, crashes, restarts, differences);
            }
            progress.accept(number);
        }
        return new Soak(steps, sequence.rounds().size(), deploys, crashes, restarts, List.of());
    }
}
