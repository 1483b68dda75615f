package io.github.xdevops.compose.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.corpus.Answer;
import io.github.xdevops.compose.corpus.Corpus;
import io.github.xdevops.compose.corpus.CorpusCase;
import io.github.xdevops.compose.corpus.Reading;
import io.github.xdevops.compose.proof.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares what we make of compose files with the recorded answers of Docker Compose; where its versions differ, the newest is right. */
class CorpusTest {
    @TempDir
    static Path temporary;

    private static Path scratch = Path.of("none");
    private static int cases;
    private static int likeOldest;
    private static int likeNewest;
    private static int open;

    @BeforeAll
    static void resolveLinks() throws IOException {
        scratch = temporary.toRealPath();
    }

    @AfterAll
    static void prove() throws IOException {
        var versions = Corpus.versions();
        Proof.claim("recorded compose files: agree with " + versions.oldest() + ": " + likeOldest + " of " + cases
                + "; with " + versions.newest() + ": " + likeNewest + " of " + cases + " (of the others, "
                + (cases - likeNewest - open) + " differ for the reason that stands beside them, " + open
                + " are open)");
    }

    static List<CorpusCase> cases() {
        return Corpus.cases();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aFileMeansWhatTheNewestComposeSays(CorpusCase project) {
        var ours = Reading.of(project, project.writeTo(scratch));
        var difference = difference(project.newest(), ours);
        cases++;
        likeNewest += difference.isEmpty() ? 1 : 0;
        likeOldest += difference(project.oldest(), ours).isEmpty() ? 1 : 0;
        if (project.differs().isPresent()) {
            open += project.isOpen() ? 1 : 0;
            assertThat(difference)
                    .as("we agree by now: remove %s/differs from %s", project, project.home())
                    .isNotEmpty();
        } else {
            assertThat(difference).as("%s in %s", project, project.home()).isEmpty();
        }
    }

    private static String difference(Answer compose, Reading ours) {
        var difference = Answer.difference(compose, ours.answer());
        var text = ours.file().map(ComposeFile::text).orElse("services: {}\n");
        return difference.isEmpty()
                        && !ComposeFile.parse(text, "our own text").text().equals(text)
                ? "our own text does not read as itself"
                : difference;
    }
}
