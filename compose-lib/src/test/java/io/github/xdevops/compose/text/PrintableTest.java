package io.github.xdevops.compose.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    @Tag("N14")
    void pipelinesFindNoCommandsInIt() {
        assertThat(Printable.line("::set-output name=a::b")).isEqualTo(": :set-output name=a::b");
        assertThat(Printable.line(" \t::stop-commands::x")).isEqualTo("  : :stop-commands::x");
        assertThat(Printable.line("web | ##[command]rm")).isEqualTo("web | # #[command]rm");
        assertThat(Printable.line("x ###vso[task.setvariable variable=a]b"))
                .isEqualTo("x # # #vso[task.setvariable variable=a]b");
        assertThat(Printable.line("#\u001b[0m#[group]")).isEqualTo("# #[group]");
        assertThat(Printable.line("\u001b[0m::warning::x")).isEqualTo(": :warning::x");
    }

    @Test
    @Tag("N14")
    void escapeSequencesAndControlCharactersAreGone() {
        assertThat(Printable.line("\u001b[31mred\u001b[0m \u001b]52;c;aGk=\u0007x\u0000y\u009bz\u202e"))
                .isEqualTo("red xyz");
    }

    @Test
    @Tag("N14")
    void aLineThatOverwritesItselfShowsItsEnd() {
        assertThat(Printable.line("50%\r100%")).isEqualTo("100%");
        assertThat(Printable.line("done\r")).isEqualTo("done");
        assertThat(Printable.line("")).isEmpty();
    }

    @Test
    void longLinesAreCut() {
        assertThat(Printable.line("x".repeat(5000))).hasSize(1001);
    }
}
