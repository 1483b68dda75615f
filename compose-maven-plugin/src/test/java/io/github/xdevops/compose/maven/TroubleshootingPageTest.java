package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The headings of the page are parts of messages. */
class TroubleshootingPageTest {
    private static final Path TOP = Path.of("..");

    @Test
    void eachHeadingIsWhatTheToolSays() throws IOException {
        var said = Stream.of("compose-lib/src/main", "compose-maven-plugin/src/main")
                .flatMap(sources -> texts(TOP.resolve(sources)))
                // Long sentences are written on several lines.
                .map(text -> text.replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\""))
                .collect(Collectors.joining("\n"));
        List<String> headings = Files.readAllLines(TOP.resolve("docs/troubleshooting.md")).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring("### ".length()).replace("`", ""))
                .toList();
        assertThat(headings).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        assertThat(headings).allSatisfy(heading -> assertThat(said).contains(heading));
    }

    private static Stream<String> texts(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files
                    .filter(file -> file.toString().matches(".*\\.(java|sh|awk)"))
                    .map(TroubleshootingPageTest::text)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
