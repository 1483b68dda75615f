package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.text.Characters;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.JsonTest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any value survives: from an overlay into the tree, into the text, and back. */
class HostileValuesTest {

    static Stream<String> values() {
        List<String> known = List.of(
                "$HOME",
                "$$",
                "${X}",
                "${X:-y}",
                "$",
                "${",
                "pa$$word",
                "`id`",
                "$(id)",
                "{{.X}}",
                "%s",
                "a\nb",
                "a\r\nb",
                "a\tb",
                " a ",
                "'",
                "\"",
                "\\",
                "\\n",
                "#c",
                "a #c",
                ": x",
                "- x",
                "{a}",
                "[a]",
                "&a",
                "*a",
                "!t",
                "|",
                ">",
                "? x",
                "<<",
                "~",
                "null",
                "true",
                "yes",
                "NO",
                "0777",
                "1e3",
                "22:22",
                "1_000",
                "2020-01-01",
                "é",
                "😀",
                "\u0085",
                "\u2028",
                "\u2029",
                "\uFEFF",
                "\u202E",
                "\u0001",
                "\u007F",
                "",
                "-----BEGIN KEY-----\nabc\n-----END KEY-----\n",
                "{\"a\": [1, \"b\"]}",
                "$2y$05$abcdefghijklmnopqrstuv",
                "</script>",
                "x".repeat(100_000),
                "\n",
                "\\u0041",
                "a\\",
                "\u200B",
                "\uFFFD");
        return Stream.concat(known.stream(), IntStream.range(0, 400).mapToObj(seed -> JsonTest.text(new Random(seed))));
    }

    @ParameterizedTest
    @Tag("V1")
    @MethodSource("values")
    void aValueSurvivesTheOverlayAndTheText(String value) {
        String quoted = Json.write(value);
        String overlay =
                "services: {web: {environment: {V: " + quoted + "}, labels: [" + Json.write("l=" + value) + "]}}";
        ComposeFile file =
                ComposeFile.parse("services: {web: {image: a}}", "base").merge(overlay, "overlay");
        String text = file.text();
        ComposeFile again = ComposeFile.parse(text, "again");
        for (ComposeFile one : List.of(file, again)) {
            Map<?, ?> web = Trees.map(one.tree(), "services", "web");
            assertThat(Trees.map(web, "environment")).isEqualTo(Map.of("V", value));
            assertThat(Trees.map(web, "labels")).isEqualTo(Map.of("l", value));
        }
        assertThat(again.text()).isEqualTo(text);
        assertThat(text.codePoints().filter(c -> c != '\n' && Characters.isHidden(c)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A=B",
                "a b",
                "-x",
                "PATH",
                "LD_PRELOAD",
                "DOCKER_HOST",
                "$A",
                "é",
                "null",
                "1",
                "true",
                "a: b",
                "#a",
                "x-a",
                "😀"
            })
    void aKeySurvivesAsWell(String key) {
        ComposeFile file =
                ComposeFile.parse("services: {web: {image: a, environment: {" + Json.write(key) + ": v}}}", "base");
        String text = file.text();
        assertThat(Trees.map(ComposeFile.parse(text, "again").tree(), "services", "web", "environment"))
                .isEqualTo(Map.of(key, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\0b", "\\ud83d", "\\ude00\\ud83d"})
    void whatNoContainerCanHoldIsRefused(String escaped) {
        assertThatThrownBy(() ->
                        ComposeFile.parse("services: {web: {image: a, environment: {V: \"" + escaped + "\"}}}", "f"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining("f:1:");
    }

    @Test
    void emptyAndUnsetAreTwoThings() {
        ComposeFile file = Projects.web("environment: {A: '', B: }");
        assertThat(file.text()).contains("\"A\": \"\"").contains("\"B\": null");
    }
}
