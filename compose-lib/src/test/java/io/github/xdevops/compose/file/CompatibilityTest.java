package io.github.xdevops.compose.file;

import static io.github.xdevops.compose.file.Trees.at;
import static io.github.xdevops.compose.file.Trees.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compose files as people have them; where versions of Compose differ, the newest is right. */
class CompatibilityTest {

    @TempDir
    Path temporary;

    Path directory = Path.of("none");

    @BeforeEach
    void resolveLinks() throws Exception {
        directory = temporary.toRealPath();
    }

    @Test
    @Tag("R5")
    void namesStartFromTheFirstComposeFilesDirectory() {
        new Projects(directory)
                .with(".env", "A=root\n")
                .with("web.env", "B=root\n")
                .with("docker/.env", "A=docker\n")
                .with("docker/web.env", "B=docker\n")
                .with("docker/db.yaml", "services: {db: {image: 'db:$A'}}\n")
                .with(
                        "docker/docker-compose.yml",
                        "include: [db.yaml]\nservices: {web: {image: 'web:$A', env_file: web.env, volumes: ['./page:/page']}}\n");
        var file = ComposeFile.load(ComposeSource.in(directory).files(Path.of("docker/docker-compose.yml")));
        assertThat(at(file.tree(), "services", "web", "image")).isEqualTo("web:docker");
        assertThat(at(file.tree(), "services", "db", "image")).isEqualTo("db:docker");
        assertThat(at(file.tree(), "services", "web", "environment", "B")).isEqualTo("docker");
        assertThat(file.text()).contains(directory + "/docker/page");
    }

    @Test
    void aComposeFileThatOnlyTheDirectoryNamesHasBothFilesOfVariables() {
        new Projects(directory)
                .with(".env", "COMPOSE_FILE=docker/c.yml\nA=root\n")
                .with("docker/.env", "A=docker\nB=docker\n")
                .with("docker/c.yml", "services: {web: {image: '$A:$B'}}\n");
        var file = ComposeFile.load(ComposeSource.in(directory));
        assertThat(at(file.tree(), "services", "web", "image")).isEqualTo("root:docker");
    }

    @Test
    @Tag("R21")
    void anOptionalDependencyThatIsSwitchedOffIsNoObstacle() {
        var file = new Projects(directory)
                .with(
                        "compose.yaml",
                        "services: {web: {image: a, depends_on: {mail: {condition: service_started, required: false}}}, mail: {image: m, profiles: [mail]}}\n")
                .load()
                .merge("services: {web: {hostname: h}}", "overlay.yaml")
                .selfContained(directory)
                .merge("services: {web: {hostname: i}}", "another.yaml");
        assertThat(map(file.tree(), "services").keySet()).isEqualTo(Set.of("web"));
        assertThat(map(file.tree(), "services", "web").containsKey("depends_on"))
                .isFalse();
    }

    @Test
    @Tag("R31")
    void theProfileWithoutANameIsOnWhereNobodyAsksForOne() {
        new Projects(directory)
                .with(
                        "compose.yaml",
                        "services: {a: {image: x, profiles: ['', prod]}, b: {image: y, profiles: [b]}}\n");
        var source = ComposeSource.in(directory);
        assertThat(map(ComposeFile.load(source).tree(), "services").keySet()).isEqualTo(Set.of("a"));
        assertThat(map(ComposeFile.load(source.profiles(Set.of("b"))).tree(), "services")
                        .keySet())
                .isEqualTo(Set.of("b"));
    }

    @Test
    @Tag("R31")
    void theWorkingDirectoryIsAVariable() {
        var file = new Projects(directory)
                .with("compose.yaml", "services: {a: {image: x, labels: {p: $PWD}}}\n")
                .load();
        assertThat(at(file.tree(), "services", "a", "labels", "p")).isEqualTo(directory.toString());
    }

    @Test
    @Tag("R31")
    void tabsMayStandBetweenAKeyAndItsValue() {
        var file = ComposeFile.parse(
                "services:\t\n  a:\n    image:\tx # a\tb\n    command: |\n      a:\tb\n    labels:\n      \"b\": \t'c'\n",
                "a.yaml");
        assertThat(at(file.tree(), "services", "a", "image")).isEqualTo("x");
        assertThat(at(file.tree(), "services", "a", "command")).isEqualTo(List.of("a:", "b"));
        assertThat(at(file.tree(), "services", "a", "labels", "b")).isEqualTo("c");
        assertThatThrownBy(() -> ComposeFile.parse("services:\n  a:\n  \timage: x\n", "a.yaml"))
                .hasMessageStartingWith("a.yaml:3:4: services.a: a tab where only spaces may indent");
    }

    @Test
    @Tag("R31")
    void noFileOfVariablesHasAName() {
        new Projects(directory)
                .with(".env", "=x\nA=1\n")
                .with("compose.yaml", "services: {a: {image: x$A, env_file: [/dev/null, e], label_file: /dev/null}}\n")
                .with("e", "=y\nB=2\n");
        var file = ComposeFile.load(ComposeSource.in(directory).confine());
        assertThat(at(file.tree(), "services", "a", "environment")).isEqualTo(Map.of("B", "2"));
        assertThat(ComposeFile.load(ComposeSource.in(directory).confine().envFiles(Path.of("/dev/null")))
                        .warnings())
                .anyMatch(line -> line.contains("the variable A is not set"));
    }

    @Test
    void aFileOfVariablesSeesTheProjectThenTheServiceThenItself() {
        var file = new Projects(directory)
                .with(".env", "A=project\n")
                .with("e", "A=1\nS=1\nN=1\nN=${N}2\n")
                .with("f", "R=$A-$S-$N\n")
                .with("compose.yaml", "services: {a: {image: x, environment: {S: service}, env_file: [e, f]}}\n")
                .load();
        assertThat(at(file.tree(), "services", "a", "environment", "R")).isEqualTo("project-service-12");
    }

    @Test
    void aRequiredVariableInAnUnusedDefaultIsNotRequired() {
        var file = new Projects(directory)
                .with(".env", "A=1\n")
                .with("compose.yaml", "services: {a: {image: '${A:-${B:?need B}}'}}\n")
                .load();
        assertThat(at(file.tree(), "services", "a", "image")).isEqualTo("1");
    }

    @Test
    @Tag("R31")
    void anIncludedServiceCanBeChangedAndExtended() {
        var file = new Projects(directory)
                .with("i/i.yaml", "services: {db: {image: y, environment: {A: 1, B: 1}, volumes: ['./d:/d']}}\n")
                .with(
                        "compose.yaml",
                        "include: [i/i.yaml]\nservices: {db: {environment: [B=2], hostname: h}, web: {extends: db, hostname: w}}\n")
                .load();
        assertThat(at(file.tree(), "services", "db", "environment")).isEqualTo(Map.of("A", "1", "B", "2"));
        assertThat(at(file.tree(), "services", "web", "image")).isEqualTo("y");
        assertThat(at(file.tree(), "services", "web", "hostname")).isEqualTo("w");
        assertThat(file.text()).contains(directory + "/i/d");
    }

    @Test
    void extensionsAndHooksMergeByTheGeneralRule() {
        var file = Projects.web("x-a: {b: 1, c: [1]}\npost_start: [{command: [a]}]\nsecurity_opt: [s]")
                .merge(
                        "services: {web: {x-a: {d: 2, c: [1, 2]}, post_start: [{command: [a]}, {command: [b]}], security_opt: [s]}}",
                        "b.yaml");
        assertThat(at(file.tree(), "services", "web", "x-a")).isEqualTo(Map.of("b", 1L, "c", List.of(1L, 2L), "d", 2L));
        assertThat((List<?>) at(file.tree(), "services", "web", "post_start")).hasSize(2);
        assertThat((List<?>) at(file.tree(), "services", "web", "security_opt")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"'''0440''', 288", "'''440''', 288", "0440, 288", "288, 288"})
    @Tag("R31")
    void aModeInQuotesIsOctal(String mode, long number) {
        var file = ComposeFile.parse(
                "services: {a: {image: x, configs: [{source: c, mode: " + mode + "}]}}\nconfigs: {c: {content: x}}\n",
                "a.yaml");
        assertThat(file.text()).contains("mode: " + number + "\n");
    }

    @ParameterizedTest
    @CsvSource({"'{create_host_path: false}', false", "'{propagation: rprivate}', true", "{}, true"})
    @Tag("R31")
    void whetherABindMountIsMadeIsAlwaysSaid(String bind, boolean made) {
        var file = ComposeFile.parse(
                "services: {a: {image: x, volumes: [{type: bind, source: /a, target: /b, bind: " + bind + "}]}}",
                "a.yaml");
        assertThat(file.text()).contains("create_host_path: " + made + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "scale: -1, must be a whole number from 0",
        "'environment: [\"A =1\"]', ends with a space",
        "'post_start: [{user: a}]', the key `command` is missing",
        "'{tmpfs: /a, volumes: [\"data:/a\"]}', '/a is mounted already, by services.web.tmpfs[0]'",
        "container_name: x, must be a name of at least two",
        "log_driver: x, use `logging`"
    })
    void whatTheNewestComposeRefusesIsRefused(String line, String message) {
        var service = line.startsWith("{") ? line.substring(1, line.length() - 1) : line;
        assertThatThrownBy(() -> ComposeFile.parse(
                        "services: {web: {image: a, " + service + "}}\nvolumes: {data: {}}\n", "compose.yaml"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    @Tag("R13")
    void aNameThatTheLocaleCannotEncodeIsAnError() {
        // A NUL is what no locale can say, so this is true on every machine.
        var reader = ComposeSource.in(directory).variables(Map.of("COMPOSE_FILE", "gr\0n.yaml"));
        assertThatThrownBy(() -> ComposeFile.load(reader)).hasMessageContaining("locale cannot name this file");
    }

    @Test
    void aLongChainOfServicesIsResolvedAtOnce() {
        var services = IntStream.range(0, 3_000)
                .mapToObj(i -> "  s" + i + ": {" + (i == 0 ? "image: a" : "extends: s" + (i - 1)) + ", hostname: h" + i
                        + "}\n")
                .collect(Collectors.joining());
        var file = ComposeFile.parse("services:\n" + services, "compose.yaml");
        assertThat(at(file.tree(), "services", "s2999", "image")).isEqualTo("a");
    }

    @Test
    void whatMultipliesEndsInAMessage() {
        var variables = IntStream.range(0, 6_000).mapToObj(i -> "V" + i + ": a").collect(Collectors.joining(", "));
        var services = IntStream.range(0, 7_000)
                .mapToObj(i -> "  s" + i + ": {extends: b}\n")
                .collect(Collectors.joining());
        assertThatThrownBy(() -> ComposeFile.parse(
                        "services:\n  b: {image: a, environment: {" + variables + "}}\n" + services, "compose.yaml"))
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining("more than 2000000 values");
        var project = new Projects(directory)
                .with(
                        ".env",
                        "A0=0123456789\n"
                                + IntStream.range(1, 40)
                                        .mapToObj(i -> "A" + i + "=$A" + (i - 1) + "$A" + (i - 1) + "\n")
                                        .collect(Collectors.joining()))
                .with("compose.yaml", "services: {a: {image: $A39}}\n");
        assertThatThrownBy(project::load)
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining("larger than 4 MiB");
    }

    @Test
    void variablesOfManyServicesAreBoundedToo() {
        var words = IntStream.range(0, 6_000).mapToObj(i -> "V" + i + "=a\n").collect(Collectors.joining());
        var services = IntStream.range(0, 1_000)
                .mapToObj(i -> "  s" + i + ": {image: a, env_file: e}\n")
                .collect(Collectors.joining());
        var project = new Projects(directory).with("e", words).with("compose.yaml", "services:\n" + services);
        assertThatThrownBy(project::load)
                .isInstanceOf(ComposeFileException.class)
                .hasMessageContaining("more than 2000000 values");
    }
}
