package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.schema.Durations;
import io.github.xdevops.compose.file.schema.ShellWords;
import io.github.xdevops.compose.file.schema.Sizes;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.file.variables.DotEnv;
import io.github.xdevops.compose.file.variables.Substitution;
import io.github.xdevops.compose.file.variables.Variables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$A|one",
                "${A}x|onex",
                "${NO:-d}|d",
                "${E:-d}|d",
                "${E-d}|''",
                "${NO-d}|d",
                "${A:+y}|y",
                "${E:+y}|''",
                "${E+y}|y",
                "${NO+y}|''",
                "${NO:-${A}}|one",
                "${NO:-{a}}|{a}",
                "$$A|$A",
                "a $ b $1|a $ b $1",
                "$|$",
                "${NO:-a$$b}|a$b",
                "$NO.|."
            })
    void variablesArePutIn(String text, String result) throws Exception {
        Variables variables = Variables.of(Map.of("A", "one", "E", ""));
        assertThat(new Substitution(variables, name -> {}).apply(text)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"${", "${A", "${1}", "${A!x}", "${}", "${NO:?}", "${NO?gone}", "${E:?gone}"})
    void whatIsNoVariableIsRefused(String text) {
        Variables variables = Variables.of(Map.of("A", "one", "E", ""));
        assertThatThrownBy(() -> new Substitution(variables, name -> {}).apply(text))
                .isInstanceOf(Substitution.Refused.class);
    }

    @Test
    void variablesNestedWithoutEndAreRefused() {
        assertThatThrownBy(() ->
                        new Substitution(name -> null, name -> {}).apply("${A:-".repeat(10_000) + "}".repeat(10_000)))
                .isInstanceOf(Substitution.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depends_on: [db]|depends_on",
                "depends_on: {db: {condition: service_started}}|depends_on",
                "links: [cache, 'db:pg']|links[1]",
                "network_mode: 'service:db'|network_mode",
                "ipc: 'service:db'|ipc",
                "pid: 'service:db'|pid",
                "volumes_from: ['db:ro']|volumes_from[0]",
                "build: {context: ., additional_contexts: {base: 'service:db'}}|build.additional_contexts.base"
            })
    void aReferenceToADisabledServiceNamesItsKeyAndTheProfiles(String reference, String key) {
        var text = "services:\n  web: {image: a, %s}\n  cache: {image: a}\n  db: {image: a, profiles: [full, debug]}\n";
        assertThatThrownBy(() -> new Projects(directory)
                        .with("compose.yaml", text.formatted(reference))
                        .load())
                .hasMessageContaining("services.web." + key + ": the service `db` is disabled by its profiles;"
                        + " enable one with compose.profiles: full, debug");
        assertThatThrownBy(() -> new Projects(directory)
                        .with("compose.yaml", text.formatted(reference.replace("db", "dbs")))
                        .load())
                .hasMessageContaining("services.web." + key + ": there is no service `dbs`");
    }

    @Test
    void anUnsetVariableWarnsOnceWithItsPlace() {
        ComposeFile file = new Projects(directory)
                .with("compose.yaml", "services:\n  web:\n    image: a$NOPE\n    command: $NOPE $MORE\n")
                .load();
        assertThat(file.warnings())
                .isEqualTo(
                        List.of(
                                "compose.yaml:3:12: services.web.image: the variable NOPE is not set and becomes an empty string; -Dcompose.env.NOPE sets it",
                                "compose.yaml:4:14: services.web.command: the variable MORE is not set and becomes an empty string; -Dcompose.env.MORE sets it"));
    }

    @Test
    void anErrorInAnOverlayNamesTheOverlay() {
        ComposeFile base = Projects.web("restart: always");
        assertThatThrownBy(() -> base.merge("services:\n  web:\n    imag: b\n", "traefik.yaml"))
                .hasMessage("traefik.yaml:3:5: services.web.imag: unknown key; did you mean `image`?")
                .isInstanceOfSatisfying(ComposeFileException.class, e -> {
                    assertThat(e.file()).isEqualTo("traefik.yaml");
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e.column()).isEqualTo(5);
                    assertThat(e.path()).isEqualTo("services.web.imag");
                });
    }

    @Test
    void theFirstUsualNameIsFoundAndNeverTheOverrideFile() {
        Projects files = new Projects(directory).with("docker-compose.yml", "services: {old: {image: a}}");
        assertThatThrownBy(() -> ComposeFile.load(ComposeSource.in(directory.resolve("none"))))
                .hasMessageEndingWith(
                        ": no compose file here; looked for compose.yaml, compose.yml, docker-compose.yaml, docker-compose.yml");
        assertThat(files.load().text()).contains("old:");
        files.with("compose.yaml", "services: {web: {image: a}}")
                .with("compose.override.yaml", "services: {web: {privileged: true}}");
        assertThat(files.load().text()).contains("web:").doesNotContain("privileged", "old:");
    }

    @Test
    void nothingIsTakenFromTheProcess() {
        assertThat(new Projects(directory)
                        .with("compose.yaml", "services: {web: {image: 'a${PATH}'}}")
                        .load()
                        .text())
                .contains("image: \"a\"");
    }

    @Test
    void profilesChooseServices() {
        new Projects(directory).with("compose.yaml", "services: {web: {image: a}, dbg: {image: b, profiles: [debug]}}");
        ComposeSource source = ComposeSource.in(directory);
        assertThat(ComposeFile.load(source).text()).doesNotContain("dbg");
        assertThat(ComposeFile.load(source.profiles(Set.of("debug"))).text()).contains("dbg");
        assertThat(ComposeFile.load(source.variables(Map.of("COMPOSE_PROFILES", "x,debug")))
                        .text())
                .contains("dbg");
    }

    @Test
    void anOverlayMayResetAKeyOfAListAndAWholeService() {
        ComposeFile file = ComposeFile.parse(
                        "services: {web: {image: a, environment: [A=1, B=2]}, db: {image: b}}", "f")
                .merge("services: {web: {environment: {A: !reset null}}, db: !reset null}", "o");
        assertThat(file.text()).doesNotContain("db:", "\"A\"").contains("\"B\": \"2\"");
    }

    @Test
    void theTreeCannotBeChanged() {
        Map<String, ?> tree = Projects.web("ports: [80]").tree();
        assertThatThrownBy(() -> tree.remove("services")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Trees.map(tree, "services", "web").clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "90s|1m30s",
                "1h|1h0m0s",
                "1.5s|1.5s",
                "300ms|300ms",
                "0|0s",
                "1500us|1.5ms",
                "15ns|15ns",
                "-5s|-5s",
                "36h1ns|36h0m0.000000001s"
            })
    void durationsHaveOneForm(String text, String canonical) {
        assertThat(Durations.canonical(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({"10", "5 s", "s", "1s1", "''", "999999999h"})
    void whatIsNoDurationIsKnown(String text) {
        assertThat(Durations.nanoseconds(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"512m|536870912", "1.5gb|1610612736", "1 KiB|1024", "64|64", "2T|2199023255552", "1b|1"})
    void sizesAreBytes(String text, long bytes) {
        assertThat(Sizes.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1x", "-1", "m", "''", "1  m", "1ib", "1e3"})
    void whatIsNoSizeIsKnown(String text) {
        assertThat(Sizes.bytes(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"a 'b c' d|a,b c,d", "a\\ b \"c\\\"d\"|a b,c\"d", "a && b|a", "x 2>&1|x", "''|", "`a b`|`a b`"})
    void aLineIsSplitIntoWords(String line, @org.jspecify.annotations.Nullable String words) {
        assertThat(ShellWords.split(line)).isEqualTo(words == null ? List.of("") : List.of(words.split(",")));
    }

    @Test
    void aFileOfVariablesIsReadAsComposeReadsIt() {
        String text =
                "# c\nexport A=1\nB = two words # c\nC='$A\\n'\nD=\"$A\\n\\$\"\nE: yaml\nF=\"x\ny\"\nOUT\nNONE\nG=a#b\n";
        assertThat(DotEnv.parse(text.getBytes(StandardCharsets.UTF_8), "f", Variables.of(Map.of("OUT", "o"))))
                .isEqualTo(Map.of(
                        "A",
                        "1",
                        "B",
                        "two words",
                        "C",
                        "$A\\n",
                        "D",
                        "1\n$",
                        "E",
                        "yaml",
                        "F",
                        "x\ny",
                        "OUT",
                        "o",
                        "G",
                        "a#b"));
    }
}
