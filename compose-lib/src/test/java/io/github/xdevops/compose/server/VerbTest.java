package io.github.xdevops.compose.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Home;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.file.mount.MountedEntry;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.render.Stack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of the library, of the script, of its gate and of the docs are the same. */
class VerbTest {
    private static final Path PROTOCOL = Path.of("../docs/host-protocol.md");

    /** Words of every request. */
    private static final Set<String> OF_ALL = Set.of("state", "nonce");

    /** Words that the script gives to a script that it starts, or that the gate adds. */
    private static final Set<String> BETWEEN_SCRIPTS = Set.of("ends", "gated");

    /** Verbs that the script calls itself by. */
    private static final Set<String> INSIDE = Set.of("work", "expire", "remove", "evict", "adopt");

    @Test
    void theScriptKnowsTheWordsOfTheVerbsAndNoOthers() throws IOException {
        var known = new TreeSet<String>();
        for (var line : between(part("core/request.sh"), "case $word in", "esac")
                .lines()
                .toList()) {
            var patterns = line.split("\\)", 2)[0];
            Pattern.compile("([a-z0-9_]+)=").matcher(patterns).results().forEach(word -> known.add(word.group(1)));
        }
        var ours = new TreeSet<>(OF_ALL);
        ours.addAll(BETWEEN_SCRIPTS);
        verbs().values().forEach(ours::addAll);
        assertThat(known).isEqualTo(ours);
    }

    @Test
    void theScriptKnowsTheVerbsAndSoDoesTheGate() throws IOException {
        var known = new TreeSet<String>();
        var table = part("main.sh");
        for (var line : table.substring(table.indexOf("case $verb in")).lines().toList()) {
            if (line.matches("[a-z |]+\\).*")) {
                known.addAll(List.of(line.split("\\)", 2)[0].split(" \\| ")));
            }
        }
        known.removeAll(INSIDE);
        assertThat(known).isEqualTo(verbs().keySet());
        var gate = between(part("gate/gate.sh"), "case $verb in", ") ;;").strip();
        assertThat(new TreeSet<>(List.of(gate.split(" \\| ")))).isEqualTo(verbs().keySet());
    }

    @Test
    void theGateKnowsTheWordsOfTheLibraryAndNoOthers() throws IOException {
        var known = Pattern.compile("\\b([a-z]+)=(?:\\*|yes)")
                .matcher(between(part("gate/gate.sh"), "case $word in", "esac"))
                .results()
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var gate = new Gate(
                "acme/shop",
                List.of("shop-*"),
                List.of("*.test"),
                true,
                "/srv",
                true,
                List.of("proxy"),
                List.of("staging"));
        var ours = keys(gate.words());
        ours.add("state");
        assertThat(known).isEqualTo(ours);
    }

    @Test
    void theDocsNameTheWordsOfEachVerb() throws IOException {
        var documented = new LinkedHashMap<String, Set<String>>();
        Pattern.compile("(?m)^\\| `([a-z]+)` \\| ([^|]*)\\|")
                .matcher(between(Files.readString(PROTOCOL), "## Requests", "\n## "))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        Pattern.compile("`([a-z0-9_]+)`")
                                .matcher(row.group(2))
                                .results()
                                .map(word -> word.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        assertThat(documented).isEqualTo(verbs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"word\":\"OK\",\"message\":\"\"}",
                "{\"word\":\"OK\",\"message\":\"\",\"Existed\":true}",
                "{\"word\":\"OK\",\"message\":\"\",\"existed\":\"true\"}"
            })
    void aResultThatDoesNotSayWhetherIsAnErrorAndNotANo(String json) {
        var down = new Verb.Down("shop", DownOptions.DEFAULT);
        assertThatThrownBy(() -> down.result(Reply.parse(json)))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.PROTO))
                .hasMessageContaining("`existed`");
    }

    @Test
    void resultsAreRead() {
        var up = new Verb.Attend("shop")
                .result(Reply.parse(
                        "{\"word\":\"OK\",\"message\":\"\",\"expires\":\"2000\",\"generation\":3,\"changed\":false}"));
        assertThat(up).isEqualTo(new Verb.Up(Instant.ofEpochSecond(2000), 3, false));
        var forever = "{\"word\":\"OK\",\"message\":\"\",\"expires\":\"forever\"}";
        assertThat(new Verb.Extend("shop", Lifetime.FOREVER, false).result(Reply.parse(forever)))
                .isEmpty();
        assertThatThrownBy(() -> new Verb.Extend("shop", Lifetime.FOREVER, false)
                        .result(Reply.parse(forever.replace("forever", "soon"))))
                .hasMessageContaining("`expires`");
    }

    /** Each verb with all of its words. */
    private static Map<String, Set<String>> verbs() {
        var hour = Timeouts.DEFAULT;
        var options = new DeployOptions(
                hour,
                EnumSet.allOf(Permission.class),
                List.of(new RegistryLogin("registry.test", "ann", "secret")),
                "staging",
                Duration.ofMinutes(30));
        var all = Stream.<Verb<?>>of(
                        new Verb.Deploy(stack(), options),
                        new Verb.Rollback("shop", 3, 7, Timeouts.DEFAULT),
                        new Verb.Attend("shop"),
                        new Verb.Show(stack()),
                        new Verb.Down("shop", DownOptions.FORCE),
                        new Verb.ListAll(),
                        new Verb.Inspect("shop"),
                        new Verb.Logs("shop", "web", 1, true),
                        new Verb.Exec("shop", "web", Duration.ofSeconds(1)),
                        new Verb.Pin("shop"),
                        new Verb.Extend("shop", Lifetime.FOREVER, true),
                        new Verb.Sweep(true),
                        new Verb.Lacking(),
                        new Verb.Layer("0".repeat(64), hour),
                        new Verb.Load("0".repeat(64), List.of("1".repeat(64)), hour))
                .toList();
        assertThat(all).hasSize(concrete(Verb.class));
        var words = new TreeMap<String, Set<String>>();
        all.forEach(verb -> words.put(verb.word(), keys(verb.words())));
        return words;
    }

    private static int concrete(Class<?> type) {
        return type.isInterface()
                ? Stream.of(type.getPermittedSubclasses())
                        .mapToInt(VerbTest::concrete)
                        .sum()
                : 1;
    }

    private static Stack stack() {
        var endpoint = new Endpoint(
                Route.parse("web:80"),
                Address.parse("https://shop.ci.example.com"),
                "www.shop.ci.example.com",
                "0123456789abcdef");
        var file = MountedEntry.file("", new MountedEntry.Attributes(0644, 0, 0, 0), new byte[] {'a'});
        var files = MountedFiles.of(MountedFiles.Kind.FILE, "a", List.of(file));
        return new Stack(
                "shop",
                Environment.of("acme/shop", "main"),
                Lifetime.FOREVER,
                new Home("/srv/shop", List.of("data:999:999:0750")),
                List.of(endpoint),
                1,
                "proxy",
                "services: {}",
                List.of(files),
                List.of(),
                Set.of());
    }

    private static Set<String> keys(List<String> words) {
        return words.stream().map(word -> word.split("=", 2)[0]).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String part(String name) throws IOException {
        try (var in = ComposeException.class.getResourceAsStream("server/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String between(String text, String from, String to) {
        var start = text.indexOf(from) + from.length();
        assertThat(start).as(from).isGreaterThanOrEqualTo(from.length());
        return text.substring(start, text.indexOf(to, start));
    }
}
