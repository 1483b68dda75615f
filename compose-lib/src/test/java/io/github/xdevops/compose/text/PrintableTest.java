package io.github.xdevops.compose.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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

    @Test
    @Tag("N14")
    void commandsAfterEveryKindOfBlankAreNone() {
        assertThat(Printable.line("\u00a0::set-output name=url::x")).isEqualTo("\u00a0: :set-output name=url::x");
        assertThat(Printable.line("\u3000::add-mask::a")).isEqualTo("\u3000: :add-mask::a");
        assertThat(Printable.text("a\n\u2003::x")).isEqualTo("a\n\u2003: :x");
        assertThat(Printable.line("a\n::x")).isEqualTo("a : :x");
        assertThat(Printable.line("section_start:12:a\r\u001b[0K")).isEqualTo("section_start :12:a");
    }

    @Test
    void lineEndsStayInTextAndAreBlanksInALine() {
        assertThat(Printable.text("a\r\nb\n\tc")).isEqualTo("a\nb\n c");
        assertThat(Printable.line("a\nb\n")).isEqualTo("a b");
        assertThat(Printable.lastLines("1\n\n2\n3\n4\n5\n6\n")).isEqualTo("\n  | 2\n  | 3\n  | 4\n  | 5\n  | 6");
    }

    @Test
    void whatCannotBeSeenIsNamedWhereAMistakeIsLookedFor() {
        assertThat(Printable.escaped("a\u001bb\u202e##")).isEqualTo("a\\u001bb\\u202e# #");
    }

    @Test
    void longTextsOfBlanksTakeNoTime() {
        var start = System.nanoTime();
        for (var piece : List.of("\n", " ", "\r", "\u001b", "\u001b[", "#", ":", "\u3000")) {
            Printable.text(piece.repeat(200_000));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
