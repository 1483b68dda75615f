package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SanitizedTest {
    @Test
    void escapeSequencesAndControlCharactersAreGone() {
        assertThat(Sanitized.line("\u001b[31mred\u001b[0m \u001b]52;c;aGk=\u0007x\u0000y\u009bz\u202e"))
                .isEqualTo("red xyz");
    }

    @Test
    void aLineThatOverwritesItselfShowsItsEnd() {
        assertThat(Sanitized.line("50%\r100%")).isEqualTo("100%");
        assertThat(Sanitized.line("done\r")).isEqualTo("done");
        assertThat(Sanitized.line("")).isEmpty();
    }

    @Test
    void longLinesAreCut() {
        assertThat(Sanitized.line("x".repeat(5000))).hasSize(1001);
    }
}
