package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
    @ParameterizedTest
    @CsvSource({
        "7d, 604800",
        "12h, 43200",
        "90m, 5400",
        "30s, 30",
        "2w, 1209600",
        "604800, 604800",
        "P7D, 604800",
        "PT12H, 43200",
    })
    void readsWhatPeopleWrite(String text, long seconds) {
        assertThat(Lifetime.parse(text).duration()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void foreverNeverEnds() {
        assertThat(Lifetime.parse("forever").isForever()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "",
                " ",
                "1.5d",
                "1,000",
                "-1",
                "-P1D",
                "1 d",
                "PT",
                "d",
                "9999999999999999999",
                "Forever"
            })
    void saysWhatItAcceptsOtherwise(String text) {
        assertThatThrownBy(() -> Lifetime.parse(text))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.USAGE))
                .hasMessageMatching("(?s).*(7d, 12h, 90m|out of range).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0d", "4000d", "PT0.5S"})
    void refusesWhatIsOutOfRange(String text) {
        assertThatThrownBy(() -> Lifetime.parse(text)).hasMessageContaining("one second to ten years");
    }
}
