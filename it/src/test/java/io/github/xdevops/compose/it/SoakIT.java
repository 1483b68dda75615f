package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.xdevops.compose.it.soak.RandomSequence;
import io.github.xdevops.compose.it.soak.Sequence;
import io.github.xdevops.compose.it.soak.Shrinker;
import io.github.xdevops.compose.it.soak.Soak;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long random life of ten projects, with accidents, compared with a model at each quiet point. {@code it/soak} runs it with other
 * numbers, or plays a sequence that was written down.
 */
@Tag("alone")
@Tag("soak")
class SoakIT {
    private static final int STEPS = Integer.getInteger("soak.steps", Ring.count(36, 1000));
    private static final long SEED = Ring.seed();
    private static final int SHRINKING = Integer.getInteger("soak.shrinking", 8);

    @TempDir
    Path directory;

    @Test
    void theHostIsAlwaysWhatTheModelSays() throws IOException {
        var server = TestServer.required();
        var file = System.getProperty("soak.replay");
        var sequence = file == null ? RandomSequence.of(SEED, STEPS) : Sequence.parse(Files.readString(Path.of(file)));
        System.out.println("soak: seed " + SEED + ", " + sequence.size() + " steps");
        try (var host = new SoakHost(server, directory)) {
            var soak = Soak.play(sequence, host, number -> {});
            if (!soak.divergences().isEmpty()) {
                var shrinker = new Shrinker(host, SHRINKING);
                System.out.println(Shrinker.report(SEED, sequence.first(soak.rounds()), soak.divergences()));
                var shortest = shrinker.shrink(sequence, soak);
                fail("\n" + Shrinker.report(SEED, shortest, shrinker.found()) + "# shrunk by " + shrinker.runs()
                        + " runs");
            }
            assertThat(soak.steps()).isEqualTo(sequence.size());
            var proof = "soak: " + soak.steps() + " steps, seed " + SEED + ", " + soak.deploys() + " deploys, "
                    + soak.crashes() + " crashes, " + soak.restarts() + " restarts, divergences: "
                    + soak.divergences().size();
            System.out.println(proof);
            Proof.claim(proof);
        }
    }
}
