package io.github.xdevops.compose.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveProgressTest {
    private static final String CLEAR = "\r\u001b[K";
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private long nanos;

    @Test
    void stepsAreOnOneLineAndOtherOutputStaysAboveIt() {
        try (var progress = progress(false)) {
            progress.phase("up");
            nanos += 1_900_000_000L;
            progress.line(" web Pulling ");
            progress.line(" Container shop-web-1  Started");
            progress.line(" Container shop-web-1  Error");
            progress.line("--- last lines of web");
            progress.phase("ready");
        }
        assertThat(shown())
                .isEqualTo(CLEAR + "» up 0 s" + CLEAR + "» up 1 s  web Pulling" + CLEAR
                        + "» up 1 s  Container shop-web-1 Started" + CLEAR + "  |  Container shop-web-1  Error\n"
                        + CLEAR + "» up 1 s  Container shop-web-1 Started" + CLEAR + "  | --- last lines of web\n"
                        + CLEAR + "» up 1 s  Container shop-web-1 Started" + CLEAR + "» ready 0 s" + CLEAR);
    }

    @Test
    void whatIsWaitedForIsOnThatLineToo() {
        try (var progress = progress(false)) {
            progress.phase("ready");
            progress.waiting("db is not healthy yet");
        }
        assertThat(shown()).isEqualTo(CLEAR + "» ready 0 s" + CLEAR + "» ready 0 s  db is not healthy yet" + CLEAR);
    }

    @Test
    void whatIsOnItsWayHasABarThatIsNotPaintedTooOften() {
        try (var progress = progress(false)) {
            progress.phase("carry");
            nanos += 100_000_000L;
            progress.transfer("shop:1", 5_000_000, 20_000_000);
            progress.transfer("shop:1", 6_000_000, 20_000_000);
            progress.transfer("shop:1", 20_000_000, 20_000_000);
            progress.transfer("nothing", 0, 0);
        }
        assertThat(shown().split("\r\u001b\\[K"))
                .containsExactly(
                        "",
                        "» carry 0 s",
                        "» carry 0 s  [#####---------------] 5.0 of 20.0 MB  shop:1",
                        "» carry 0 s  [####################] 20.0 of 20.0 MB  shop:1",
                        "» carry 0 s  [####################] 0.0 of 0.0 MB  nothing");
    }

    @Test
    void noLineIsLongerThanATerminal() {
        try (var progress = progress(false)) {
            progress.phase("up");
            progress.line(" Container " + "x".repeat(200) + "  Started");
        }
        assertThat(shown().split("\r\u001b\\[K"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    }

    @Test
    void coloursAreOnlyThereWhenWanted() {
        try (var progress = progress(true)) {
            progress.phase("up");
        }
        assertThat(shown()).contains("» \u001b[1mup\u001b[m 0 s");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  true,  xterm, '',   '',    '',    true,  true",
        "true,  true,  xterm, 1,    '',    '',    true,  false",
        "true,  true,  xterm, '',   never, '',    true,  false",
        "false, true,  xterm, '',   '',    '',    false, false",
        "true,  false, xterm, '',   '',    '',    false, false",
        "true,  true,  dumb,  '',   '',    '',    false, false",
        "true,  true,  xterm, '',   '',    true,  false, false",
    })
    void aLineIsWrittenOverOnlyWhereSomebodyLooksOn(
            boolean console,
            boolean interactive,
            String term,
            String noColor,
            String style,
            String ci,
            boolean live,
            boolean coloured) {
        var variables = Map.of("TERM", term, "NO_COLOR", noColor, "CI", ci);
        assertThat(Terminal.of(console, interactive, style, variables)).isEqualTo(new Terminal(live, coloured));
    }

    private LiveProgress progress(boolean coloured) {
        return new LiveProgress(new PrintStream(screen, true, StandardCharsets.UTF_8), coloured, () -> nanos);
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }
}
