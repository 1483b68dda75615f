package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ProgramOutputTest {
    private final ArrayList<String> lines = new ArrayList<>();
    private final ProgramOutput output = new ProgramOutput("n0", lines::add);

    @Test
    void emptyLinesAreKeptButForTheOneThatEndsTheLastLine() {
        for (var line : new String[] {"", "a", "", "", "b", "", ""}) {
            output.accept("", line);
        }
        assertThat(lines).containsExactly("", "a", "", "", "b", "");
    }

    @Test
    void theScriptsOwnLinesAreNotTheProgramsAlsoInTheMiddleOfALine() {
        output.accept("alive", "");
        output.accept("", "the beginning@n0 alive");
        output.accept("", "and the end of a long line");
        output.accept("", "@n1 alive");
        assertThat(lines).containsExactly("the beginning", "and the end of a long line", "@n1 alive");
    }
}
