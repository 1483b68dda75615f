package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordingTest {
    private static final String SCRIPT = new String(ServerScript.text(), StandardCharsets.UTF_8)
            + new String(ScriptText.of("backup"), StandardCharsets.UTF_8);

    @Test
    void aCodeWithFactsIsASentence() {
        assertThat(Wording.of("superseded 12 9"))
                .isEqualTo("superseded: pipeline 12 was deployed already, and 9 is older");
        assertThat(Wording.of("project-of-directory shop my%20app /docker docker"))
                .contains("from my app in", "this deploy is from /docker,", "REPOSITORY/docker,");
    }

    @Test
    void theLastFactMayHaveBlanksAndAnythingElse() {
        assertThat(Wording.of("no-proxy-network web Error: $1 \\ {1} [x]"))
                .endsWith("attach Traefik to it (Error: $1 \\ {1} [x])");
    }

    @Test
    void aMessageWithoutACodeIsShownAsItIs() {
        for (var text :
                new String[] {"", "the disk is full; try again", "superseded: pipeline 1", "web  has two blanks"}) {
            assertThat(Wording.of(text)).isEqualTo(text);
        }
    }

    @Test
    void eachPartOfAMessageIsWorded() {
        assertThat(Wording.of("another made it meanwhile; name-of-somebody volume a_b; nothing of it is left"))
                .isEqualTo("another made it meanwhile; the volume a_b belongs to somebody else on this server; give the"
                        + " volume another name in the compose file, or choose another compose.project; nothing of it"
                        + " is left");
    }

    @Test
    void aMissingFactIsSeen() {
        assertThat(Wording.of("superseded 12")).contains("pipeline 12 was", "and ? is older");
    }

    @Test
    void eachCodeIsUsedByTheScriptWithItsFacts() {
        assertThat(Wording.all())
                .allSatisfy((code, sentence) -> assertThat(Pattern.compile("\\b" + code + "\\b")
                                .matcher(SCRIPT)
                                .find())
                        .as(code)
                        .isTrue());
    }

    @Test
    void theMessageAndTheProtocolNameEachLimitThatTheScriptReads() throws IOException {
        var script = between(SCRIPT, "count = split(\"", "\", key").replaceAll("\"\\s*\\\\\\s*\"", "");
        var message = between(Wording.all().get("no-such-limit") + "|", "each key once: ", "|");
        var protocol = between(Files.readString(Path.of("../docs/host-protocol.md")), "| key |", "## Requests");
        assertThat(words(message)).isEqualTo(words(script)).hasSizeGreaterThan(10);
        assertThat(Pattern.compile("(?m)^\\| (`[^|]*)\\|")
                        .matcher(protocol)
                        .results()
                        .flatMap(row -> words(row.group(1)).stream()))
                .containsExactlyInAnyOrderElementsOf(words(script));
    }

    private static Set<String> words(String text) {
        return Pattern.compile("[a-z_]+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    /** Parameters and goals are the client's. */
    @Test
    void theScriptNamesNoParameterOfMaven() {
        var named = SCRIPT.lines()
                .filter(line -> !line.strip().startsWith("#"))
                .filter(line -> Pattern.compile("compose:[a-z]|[ \"(]compose\\.[a-z]+[A-Z=.; ]?[a-z=]* ")
                        .matcher(line)
                        .find())
                .filter(line -> !line.contains("docker compose"))
                .collect(Collectors.toList());
        assertThat(named).isEmpty();
    }
}
