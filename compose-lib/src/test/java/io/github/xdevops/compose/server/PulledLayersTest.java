package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PulledLayersTest {
    private final List<String> heard = new ArrayList<>();
    private final PhaseClock clock = new PhaseClock(new Progress() {
        @Override
        public void phase(String name) {
            heard.add("phase " + name);
        }

        @Override
        public void line(String text) {
            heard.add(text);
        }

        @Override
        public void transfer(String what, long done, long total) {
            heard.add(done + " of " + total);
        }
    });

    @Test
    void layersAreAddedUpAndNoLines() {
        say(
                " web Pulling ",
                " bc2819290df8 Pulling fs layer ",
                " bc2819290df8 Downloading [>                      ]  302.1kB/30.01MB",
                " 0123456789ab Downloading [===>                   ]      90B/100B",
                " bc2819290df8 Download complete ",
                " 0123456789ab Extracting [=======================>]     100B/100B",
                " web Pulled ");
        assertThat(heard)
                .containsExactly(
                        "phase start",
                        " web Pulling ",
                        "302100 of 30010000",
                        "302190 of 30010100",
                        "30010090 of 30010100",
                        "30010100 of 30010100",
                        " web Pulled ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" Container 0123456789ab_shop-web-1  Created", "0123456789abc is more", "Downloading 3B/4B"})
    void whatOnlyLooksSimilarIsALine(String line) {
        say(line);
        assertThat(heard).containsExactly("phase start", line);
    }

    @Test
    void sizesThatContradictEachOtherAreNoFault() {
        say(
                " 0123456789ab Downloading  9.5GB/3kB",
                " 0123456789ab Downloading 12/13",
                " 0123456789ab Downloading 9999999B/1B");
        assertThat(heard).containsExactly("phase start", "3000 of 3000", "3000 of 3000", "3000 of 3000");
    }

    @Test
    void whatIsWaitedForIsALineWhereNobodyKnowsBetter() {
        clock.accept("waiting", "db is not healthy yet");
        assertThat(heard).containsExactly("phase start", "db is not healthy yet");
    }

    private void say(String... lines) {
        for (var line : lines) {
            clock.accept("", line);
        }
    }
}
