package io.github.xdevops.compose.file;

import static io.github.xdevops.compose.file.Trees.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compose gets new keys and words all the time; a file that uses one is not refused because this version is older. */
class OpenSchemaTest {

    @TempDir
    Path directory;

    @Test
    void aKeyOfALaterComposeIsPassedOnWithAWarning() {
        var file = new Projects(directory)
                .with(
                        "compose.yaml",
                        "services:\n  web:\n    image: a\n    wormhole: {to: [b]}\n    healthcheck: {test: x, jitter: 2s}\nfleet: {a: 1}\n")
                .load();
        assertThat(at(file.tree(), "services", "web", "wormhole")).isEqualTo(Map.of("to", List.of("b")));
        assertThat(at(file.tree(), "services", "web", "healthcheck", "jitter")).isEqualTo("2s");
        assertThat(at(file.tree(), "fleet", "a")).isEqualTo(1L);
        assertThat(file.warnings())
                .contains(
                        "compose.yaml:4:5: services.web.wormhole: the key `wormhole` is unknown to this version; passed on",
                        "compose.yaml:6:1: fleet: the key `fleet` is unknown to this version; passed on");
        var text = ComposeFile.parse(file.text(), "again").text();
        assertThat(text).isEqualTo(file.text());
    }

    @Test
    void anUnknownKeyIsMergedByTheGeneralRuleAndWarnsOnce() {
        var file = Projects.web("wormhole: {to: [b], speed: 1}")
                .merge("services: {web: {wormhole: {to: [c], speed: 2}}}", "one.yaml")
                .merge("services: {web: {hostname: h}}", "two.yaml");
        assertThat(at(file.tree(), "services", "web", "wormhole"))
                .isEqualTo(Map.of("to", List.of("b", "c"), "speed", 2L));
        assertThat(file.warnings()).hasSize(1);
    }

    @Test
    void aKeyThatResemblesAKnownOneIsPassedOnWithTheNameOfThatOne() {
        var file = Projects.web("stop_grace_time: 1m");
        assertThat(file.warnings())
                .singleElement()
                .asString()
                .endsWith("is unknown to this version; passed on; did you mean `stop_grace_period`?");
    }

    @ParameterizedTest
    @CsvSource({
        "imgae: x, did you mean `image`?",
        "enviroment: [A=1], did you mean `environment`?",
        "depends-on: [x], did you mean `depends_on`?",
        "Wormhole: x, unknown key",
        "worm-hole: x, unknown key",
        "pull_policy: allways, did you mean `always`?",
        "pull_policy: '', must be one of",
        "'env_file: [{path: a, kind: raw}]', unknown key",
        "'blkio_config: {x-a: 1}', unknown key",
        "'env_file: [{path: a, x-a: 1}]', unknown key"
    })
    void whatComposeOfEveryVersionRefusesIsAnError(String line, String message) {
        assertThatThrownBy(() -> Projects.web(line))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"pull_policy, hourly", "cgroup, shared"})
    void anUnknownWordOfAKnownSetIsPassedOnWithAWarning(String key, String word) {
        var file = Projects.web(key + ": " + word);
        assertThat(at(file.tree(), "services", "web", key)).isEqualTo(word);
        assertThat(file.warnings()).singleElement().asString().contains("unknown to this version; passed on");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "use_api_socket: true",
                "pull_policy: daily",
                "pull_policy: every_12h",
                "pull_policy: refresh",
                "umask: 22",
                "provider: {type: awesomecloud, options: {type: mysql, list: [1, a]}}",
                "networks: {n: {interface_name: eth7, gw_priority: 1}}",
                "volumes: [{type: image, source: busybox, target: /mnt, image: {subpath: bin}}]",
                "develop: {watch: [{path: a, action: sync, target: /a, initial_sync: true, include: '*.x'}]}",
                "build: {context: ., provenance: true, sbom: 'mode=max', no_cache_filter: a}",
                "stop_grace_period: 1d"
            })
    @Tag("R17")
    @Tag("R31")
    void keysOfTheNewestComposeAreKnown(String line) {
        var file = ComposeFile.parse(
                "services:\n  web:\n    image: a\n    " + line + "\nnetworks: {n: {}}\n", "compose.yaml");
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    @Tag("R17")
    @Tag("R31")
    void modelsAreNamedInTwoWaysAndMustBeDeclared() {
        var file = ComposeFile.parse(
                "services: {web: {image: a, models: [m]}}\nmodels: {m: {model: ai/x, context_size: 4096}}\n", "a.yaml");
        assertThat(at(file.tree(), "services", "web")).asString().contains("models={m=null}");
        assertThat(at(file.tree(), "models", "m", "model")).isEqualTo("ai/x");
        assertThatThrownBy(() -> ComposeFile.parse(
                        "services: {web: {image: a, models: [n]}}\nmodels: {m: {model: x}}", "a.yaml"))
                .hasMessageContaining("there is no model `n`");
    }

    @Test
    @Tag("R17")
    @Tag("R31")
    void aProviderNeedsNoImageAndGetsNoNetwork() {
        var file = ComposeFile.parse("services: {db: {provider: {type: x}}, web: {image: a}}", "a.yaml");
        assertThat(Trees.map(file.tree(), "services", "db").keySet()).isEqualTo(Set.of("provider"));
    }

    @Test
    @Tag("R17")
    void daysAndWeeksAreDurations() {
        var file = Projects.web("healthcheck: {test: x, interval: 1d, timeout: 1w1h}\nstop_grace_period: 1.5d");
        assertThat(at(file.tree(), "services", "web", "healthcheck", "interval"))
                .isEqualTo("24h0m0s");
        assertThat(at(file.tree(), "services", "web", "healthcheck", "timeout")).isEqualTo("169h0m0s");
        assertThat(at(file.tree(), "services", "web", "stop_grace_period")).isEqualTo("36h0m0s");
    }

    @Test
    @Tag("R17")
    @Tag("R31")
    void aRawFileOfVariablesIsTakenLetterByLetter() {
        var file = new Projects(directory)
                .with("compose.yaml", "services: {web: {image: a, env_file: [{path: e, format: raw}]}}")
                .with("e", "# comment\nA='$x'\nB=\"q\"  \n\n  C=a=b #c\nD\n")
                .load();
        assertThat(Trees.map(file.tree(), "services", "web", "environment"))
                .isEqualTo(Map.of("A", "'$x'", "B", "\"q\"  ", "C", "a=b #c"));
    }
}
