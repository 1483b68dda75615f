package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents stay short, and their links lead somewhere. */
class DocumentsTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    @Test
    void eachLinkLeadsToAFileAndAHeading() throws IOException {
        for (var document : documents()) {
            for (var link : LINK.matcher(Files.readString(document)).results().toList()) {
                if (!link.group(1).matches("https?:.*")) {
                    var target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                    assertThat(target).as(document + ": " + link.group()).exists();
                    if (link.group(2) != null) {
                        assertThat(anchors(target))
                                .as(document + ": " + link.group())
                                .contains(link.group(2));
                    }
                }
            }
        }
    }

    /** In words as {@code wc -w} counts them. */
    @Test
    void theReadmeIsReadInAFewMinutesAndTheWholeInAnHour() throws IOException {
        assertThat(Files.readAllLines(TOP.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
        var words = documents().stream()
                .filter(document -> !document.endsWith("SECURITY.md"))
                .mapToInt(document -> read(document).strip().split("\\s+").length)
                .sum();
        assertThat(words).isLessThanOrEqualTo(15_000);
    }

    private static List<Path> documents() throws IOException {
        try (var top = Files.list(TOP);
                var docs = Files.walk(TOP.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** The anchors that GitHub creates for headings. */
    private static List<String> anchors(Path document) {
        return HEADING.matcher(read(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
