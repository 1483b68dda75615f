package io.github.xdevops.compose.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.it.soak.FakeHost.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the soak finds faults, makes their sequences short, and finds none where there is none. */
class SoakTest {
    private static final int STEPS = 1000;
    private static final int RUNS = 200;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aHostThatKeepsTheProtocolHasNoDivergence(long seed) {
        var soak = Soak.play(RandomSequence.of(seed, STEPS), new FakeHost(Fault.NONE), round -> {});
        assertThat(soak.divergences()).isEmpty();
        assertThat(soak.steps()).isEqualTo(STEPS);
        assertThat(soak.crashes()).isGreaterThan(50);
        assertThat(soak.restarts()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyFaultIsFoundAndItsSequenceMadeShort(Fault fault) {
        var host = new FakeHost(fault);
        var sequence = RandomSequence.of(1, STEPS);
        var soak = Soak.play(sequence, host, round -> {});
        assertThat(soak.divergences()).isNotEmpty();
        var shortest = new Shrinker(host, RUNS).shrink(sequence, soak);
        assertThat(shortest.size()).as("%s", shortest).isLessThanOrEqualTo(4);
        assertThat(Soak.play(shortest, host, round -> {}).divergences()).isNotEmpty();
        assertThat(Soak.play(shortest, new FakeHost(Fault.NONE), round -> {}).divergences())
                .isEmpty();
    }

    @Test
    void aLeakThatNeedsThreeStepsIsShownByThree() {
        var host = new FakeHost(Fault.LEAKS_WHEN_DOWN_FOLLOWS_EXTEND);
        var sequence = RandomSequence.of(1, STEPS);
        var shortest = new Shrinker(host, RUNS).shrink(sequence, Soak.play(sequence, host, round -> {}));
        assertThat(shortest.rounds().stream().flatMap(round -> round.stream().map(Step::verb)))
                .containsExactly(Verb.DEPLOY, Verb.EXTEND, Verb.DOWN);
    }

    @Test
    void theShrinkerStopsAtItsLimit() {
        var host = new FakeHost(Fault.LEAKS_WHEN_DOWN_FOLLOWS_EXTEND);
        var sequence = RandomSequence.of(1, STEPS);
        var shrinker = new Shrinker(host, 3);
        shrinker.shrink(sequence, Soak.play(sequence, host, round -> {}));
        assertThat(shrinker.runs()).isEqualTo(3);
    }

    @Test
    void whatASeedMakesIsAlwaysTheSameAndItsTextCanBePlayedAgain() {
        var sequence = RandomSequence.of(5, STEPS);
        assertThat(RandomSequence.of(5, STEPS)).isEqualTo(sequence);
        assertThat(RandomSequence.of(6, STEPS)).isNotEqualTo(sequence);
        assertThat(Sequence.parse("# a comment\n" + sequence).toString()).isEqualTo(sequence.toString());
        assertThat(sequence.isSensible()).isTrue();
    }
}
