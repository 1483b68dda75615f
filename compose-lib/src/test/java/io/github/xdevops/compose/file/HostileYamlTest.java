package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileYamlTest {

    @TempDir
    Path directory;

    private static ComposeFileException refused(String text) {
        return assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            try {
                ComposeFile.parse(text, "compose.yaml");
            } catch (ComposeFileException e) {
                assertThat(e.getMessage())
                        .startsWith("compose.yaml")
                        .doesNotContain("\n")
                        .hasSizeLessThan(1_500);
                return e;
            }
            throw new AssertionError("not refused: " + text);
        });
    }

    @Tag("Y1")
    @Test
    void anAliasBombIsRefusedBeforeItGrows() {
        StringBuilder bomb = new StringBuilder("x-a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String one = "*a" + (i - 1);
            bomb.append("x-a" + i + ": &a" + i + " [")
                    .append((one + ", ").repeat(8))
                    .append(one)
                    .append("]\n");
        }
        assertThat(refused(bomb + "services: {web: {image: a}}")).hasMessageContaining("once every alias is expanded");
    }

    @Tag("Y1")
    @Tag("Y5")
    @Test
    void aBombOfMergeKeysIsRefusedOrHarmless() {
        StringBuilder bomb = new StringBuilder("x-a0: &a0 {k: v}\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("x-a" + i + ": &a" + i + " {<<: [*a" + (i - 1) + ", *a" + (i - 1) + "], k" + i + ": v}\n");
        }
        assertThat(refused(bomb + "services: {web: {image: a}}")).hasMessageContaining("values");
    }

    @Tag("Y2")
    @ParameterizedTest
    @ValueSource(ints = {51, 60, 20_000, 100_000})
    void deepNestingIsRefused(int depth) {
        refused("x-a: " + "[".repeat(depth) + "]".repeat(depth));
        refused("x-a: " + "{a: ".repeat(depth) + "}".repeat(depth));
    }

    @Tag("Y3")
    @Test
    void aLargeFileIsRefusedUnread() throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), "# " + "x".repeat(300 * 1024));
        assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(directory)))
                .isInstanceOf(ComposeFileException.class)
                .hasMessage("compose.yaml: larger than 256 KiB");
    }

    @Tag("Y4")
    @Test
    void aKeyTwiceIsRefused() {
        assertThat(refused("services:\n  web:\n    image: a\n    image: b\n"))
                .hasMessage("compose.yaml:4:5: services.web.image: this key is in the mapping twice");
    }

    @Tag("Y6")
    @Test
    void aSecondDocumentIsRefused() {
        assertThat(refused("services: {web: {image: a}}\n---\nservices: {web: {privileged: true}}"))
                .hasMessageStartingWith("compose.yaml:2:1: a second document");
    }

    @Tag("Y7")
    @Tag("Y8")
    @ParameterizedTest
    @CsvSource({
        "0001,3", "0007,3", "007F,3", "0085,3", "009F,3", "2028,3", "2029,3", "FEFF,3", "FFFE,3", "0000,3", "001B,3"
    })
    void charactersThatReadersDisagreeAboutAreRefused(String hex, int line) {
        char c = (char) Integer.parseInt(hex, 16);
        ComposeFileException e = refused("services:\n  web:\n    image: a" + c + "b\n");
        assertThat(e.line()).isEqualTo(line);
        assertThat(e.column()).isEqualTo(13);
    }

    @Tag("Y7")
    @Test
    void aTabThatIndentsIsRefused() {
        assertThat(refused("services:\n\tweb: {image: a}"))
                .hasMessage("compose.yaml:2:1: not YAML: a tab where only spaces may indent");
    }

    @Tag("Y7")
    @Test
    void otherEncodingsAreRefused() throws Exception {
        Path file = directory.resolve("compose.yaml");
        for (var charset :
                java.util.List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(file, "services: {}".getBytes(charset));
            assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(directory)))
                    .hasMessageContaining("compose.yaml:1:1: this is UTF-16");
        }
        Files.write(file, "services: {}\n# \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(directory)))
                .hasMessage("compose.yaml:2:3: this is not UTF-8");
    }

    @Tag("Y10")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "!!javax.script.ScriptEngineManager [a]",
                "!!binary aGk=",
                "!custom x",
                "!!set {a}",
                "!<tag:x> a",
                "!!python/object:os.system a"
            })
    void unknownTagsAreRefused(String value) {
        assertThat(refused("services: {web: {image: a}}\nx-a: " + value)).hasMessageContaining("unknown tag");
    }

    @Tag("Y11")
    @ParameterizedTest
    @ValueSource(
            strings = {"x-a: &a [*a]", "x-a: &a {b: *a}", "x-a: &a {<<: *a}", "&a x-a: *b", "x-a: &a\n  b: &c [*a, *c]"
            })
    void anAnchorInItselfIsRefused(String text) {
        refused(text);
    }

    @Tag("Y12")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: []",
                "services: x",
                "services: {web: }",
                "services: {web: []}",
                "services: {1: {image: a}}",
                "services: {web: {image: a, ports: {}}}",
                "services: {web: {image: a, labels: 5}}",
                "services: {web: {image: [a]}}",
                "[]",
                "x",
                "5",
                "services: {web: {image: a, environment: {a: [b]}}}",
                "services: {[a]: {image: b}}",
                "services: {{a: b}: {image: b}}",
                "services: {web: {image: a}}\nvolumes: []",
                "networks: {a: 5}\nservices: {web: {image: a}}"
            })
    void aWrongTypeIsRefusedWithItsPlace(String text) {
        assertThat(refused(text).line()).isPositive();
    }

    @Tag("Y9")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "22:22|22:22",
                "0777|511",
                "yes|yes",
                "NO|NO",
                "1_000|1000",
                "2020-01-01|2020-01-01",
                "0o17|15",
                "1e3|1000",
                "~|null",
                "\"~\"|~",
                "true|true"
            })
    void unquotedWordsMeanWhatComposeTakesThemFor(String word, String meaning) {
        assertThat(Projects.web("environment: {A: " + word + "}").text())
                .contains("\"A\": " + (meaning.equals("null") ? "null" : "\"" + meaning + "\""));
    }

    @Test
    void filesThatAreNoFilesAreRefused() throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: a, env_file: /dev/zero}}");
        assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(directory)))
                .hasMessage("compose.yaml:1:38: services.web.env_file[0]: /dev/zero is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: {web: {image: a, env_file: ../secret}}",
                "services: {web: {image: a, env_file: link}}",
                "services: {web: {image: a, label_file: ../secret}}",
                "services: {web: {extends: {file: ../secret, service: x}}}",
                "include: [../secret]"
            })
    void aConfinedLoadReadsNothingOutside(String text) throws Exception {
        Path project = Files.createDirectory(directory.resolve("project"));
        Files.writeString(directory.resolve("secret"), "A=1");
        Files.createSymbolicLink(project.resolve("link"), directory.resolve("secret"));
        Files.writeString(project.resolve("compose.yaml"), text);
        assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(project).confine()))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining("lies outside the project directory");
    }

    @Tag("A7")
    @Test
    void aHostileKeyCannotForgeALineOfTheLog() {
        assertThat(refused("services: {web: {\"a\\nERROR forged\\u202e\": b}}"))
                .hasMessageContaining("a\\u000aERROR forged\\u202e");
    }
}
