package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.file.load.ComposeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole applications and the text that is made of them; the corpus has the answer of Compose as well. */
class GoldenTest {

    private static final Path RESOURCES = Path.of("src/test/resources/corpus").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"app-wordpress", "app-django", "app-microservices", "app-overrides", "app-observability"})
    void anApplicationBecomesThisText(String name) throws IOException {
        Path directory = RESOURCES.resolve(name);
        List<Path> files = new ArrayList<>();
        for (String word : words(directory.resolve("args"), "\\s+")) {
            if (word.endsWith(".yml")) {
                files.add(Path.of(word));
            }
        }
        Map<String, String> variables = new LinkedHashMap<>();
        words(directory.resolve("variables"), "\n")
                .forEach(line -> variables.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        String text = ComposeFile.load(ComposeSource.in(directory)
                        .files(files.toArray(Path[]::new))
                        .variables(variables)
                        .confine())
                .text();
        String shown = text.replace(directory.toString(), "/project");
        Path expected = directory.resolve("emitted.yaml");
        if (Boolean.getBoolean("golden")) {
            Files.writeString(expected, shown);
        }
        assertThat(shown).isEqualTo(Files.readString(expected));
        assertThat(ComposeFile.parse(text, name).text()).isEqualTo(text);
    }

    private static List<String> words(Path file, String separator) throws IOException {
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.isEmpty() ? List.of() : List.of(text.split(separator));
    }
}
