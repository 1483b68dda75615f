package io.github.xdevops.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.StackRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever can push a branch chooses its name. */
@Tag("names")
class HostileNamesTest {
    private static final int NAMES = Ring.count(20_000, 120_000);
    private static final long SEED = Ring.seed();
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String REPOSITORY = "acme/shop";

    @Test
    @Tag("B1")
    @Tag("B2")
    @Tag("B4")
    void everyNameIsValidAndNoTwoIdentitiesShareOne() {
        System.out.println("names: seed " + SEED);
        var random = new Random(SEED);
        var owners = new HashMap<String, String>();
        for (var name : HostileNames.CATALOGUE) {
            own(owners, REPOSITORY, name);
            own(owners, "shop", name);
            own(owners, name, "main");
        }
        while (owners.size() < NAMES) {
            var repository = random.nextBoolean() ? REPOSITORY : HostileNames.any(random, 20);
            var name = HostileNames.any(random, random.nextInt(50) == 0 ? 300 : 20);
            var slug = own(owners, repository, name);
            if (random.nextInt(10) == 0) { // somebody names a branch after another one's project
                own(owners, repository, slug);
            }
        }
        Proof.claim("names: " + owners.size() + " identities, invalid: 0, shared: 0");
    }

    /** Golden names are on people's servers and in their bookmarks. To make the file, remove it; it is never made again. */
    @Test
    @Tag("B3")
    void namesStayAsTheyAreFromVersionToVersion() throws IOException {
        var golden = golden();
        assertThat(golden).hasSize(2 * HostileNames.CATALOGUE.size());
        for (var line : golden) {
            var parts = line.split("\t", -1);
            assertThat(Slug.of(unescaped(parts[0]), unescaped(parts[1]))).isEqualTo(parts[2]);
        }
    }

    @Test
    @Tag("B5")
    void noLocaleMatters() throws IOException {
        var before = Locale.getDefault();
        try {
            for (var tag : List.of("tr-TR", "az", "lt-LT", "ar-SA-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "und")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                namesStayAsTheyAreFromVersionToVersion();
                assertThat(Slug.gitlab("REVIEW/TITLE-I")).as(tag).isEqualTo("review-title-i-7xk3na");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    /** From the name to project, URL, router, rule and file, with nothing of the name where it does not belong. */
    @Test
    @Tag("B1")
    @Tag("B2")
    void aNameHasNoEffectInFileLabelOrRule(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: x, expose: [80], environment: {E: '${COMPOSE_ENVIRONMENT}'}}}\n");
        var random = new Random(SEED);
        var names = new ArrayList<>(HostileNames.CATALOGUE);
        IntStream.range(0, 300).forEach(i -> names.add(HostileNames.any(random, 40)));
        for (var name : names) {
            if (name.isBlank()) {
                continue;
            }
            var stack = Stack.in(directory)
                    .environment(Environment.of(REPOSITORY, name))
                    .domain("ci.example.com")
                    .render();
            var project = stack.project();
            assertThat(project).matches(LABEL);
            assertThat(stack.endpoints())
                    .singleElement()
                    .satisfies(
                            endpoint -> assertThat(endpoint.url()).isEqualTo("http://" + project + ".ci.example.com"));
            var web = web(stack.text());
            assertThat(((Map<?, ?>) Objects.requireNonNull(web.get("environment"))).get("E"))
                    .isEqualTo(name);
            var labels = (Map<?, ?>) Objects.requireNonNull(web.get("labels"));
            labels.forEach(
                    (key, value) -> assertThat(key + "=" + value).matches("[a-zA-Z0-9._-]+=[a-zA-Z0-9 ._`()-]*"));
            assertThat(labels.entrySet().stream()
                            .filter(label -> label.getKey().toString().endsWith(".rule"))
                            .map(label -> label.getValue().toString()))
                    .containsExactly("Host(`" + project + ".ci.example.com`)");
            assertThat(StackRecord.about(stack)).doesNotContain("\n", "\r");
        }
        Proof.claim("names in files: " + names.size() + " rendered, out of place: 0");
    }

    private static Map<?, ?> web(String text) {
        var services = (Map<?, ?>) ComposeFile.parse(text, "stack").tree().get("services");
        return (Map<?, ?>)
                Objects.requireNonNull(Objects.requireNonNull(services).get("web"));
    }

    private static String own(Map<String, String> owners, String repository, String name) {
        var slug = Slug.of(repository, name);
        if (!LABEL.matcher(slug).matches()) {
            throw new AssertionError(escaped(name) + " gives " + slug);
        }
        var identity = repository + "\0" + name;
        var other = owners.put(slug, identity);
        if (other != null && !other.equals(identity)) {
            throw new AssertionError(escaped(identity) + " and " + escaped(other) + " share " + slug);
        }
        return slug;
    }

    private static List<String> golden() throws IOException {
        try (var in = HostileNamesTest.class.getResourceAsStream("names.golden")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    static String escaped(String text) {
        var out = new StringBuilder();
        text.chars()
                .forEach(c -> out.append(c > ' ' && c < 127 && c != '\\' ? String.valueOf((char) c) : "\\u" + hex(c)));
        return out.toString();
    }

    private static String hex(int c) {
        return HexFormat.of().toHexDigits((char) c);
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
