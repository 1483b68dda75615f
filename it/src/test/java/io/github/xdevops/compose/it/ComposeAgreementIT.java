package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.corpus.Answer;
import io.github.xdevops.compose.corpus.Corpus;
import io.github.xdevops.compose.corpus.Corpus.Versions;
import io.github.xdevops.compose.corpus.CorpusCase;
import io.github.xdevops.compose.corpus.Reading;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks Docker Compose itself: whether the recorded answers of the corpus are its own, what it makes of random files, and whether it
 * reads what we write as we meant it. It needs no engine. The newest Compose is asked in the exhaustive ring, in which
 * {@code -Drecord=true} writes the answers of both to the corpus.
 */
class ComposeAgreementIT {
    private static final int RANDOM_FILES = 1_000;

    @TempDir
    Path temporary;

    @Test
    void theOldestComposeStillAnswersAsRecorded() throws Exception {
        var oldest = oracle("COMPOSE_IT_COMPOSE");
        assertThat(oldest.version()).isEqualTo(Corpus.versions().oldest());
        check(oldest, CorpusCase::oldest, Ring.sample(Corpus.cases(), 150));
    }

    @Test
    @Tag("versions")
    @Tag("exhaustive")
    void theNewestComposeStillAnswersAsRecorded() throws Exception {
        var newest = oracle("COMPOSE_IT_NEWEST_COMPOSE");
        if (Boolean.getBoolean("record")) {
            record(oracle("COMPOSE_IT_COMPOSE"), newest);
        }
        assertThat(newest.version()).isEqualTo(Corpus.versions().newest());
        check(newest, CorpusCase::newest, Corpus.cases());
    }

    @Test
    void randomFilesMeanWhatTheOldestComposeSays() throws Exception {
        checkRandom(oracle("COMPOSE_IT_COMPOSE"), 100);
    }

    @Test
    @Tag("versions")
    @Tag("exhaustive")
    void randomFilesMeanWhatTheNewestComposeSays() throws Exception {
        checkRandom(oracle("COMPOSE_IT_NEWEST_COMPOSE"), RANDOM_FILES);
    }

    private static Oracle oracle(String variable) {
        var binary = System.getenv(variable);
        assumeTrue(
                binary != null && Files.isExecutable(Path.of(binary)),
                variable + " names no docker-compose: whether we read compose files as it does is NOT CHECKED");
        return new Oracle(Path.of(binary));
    }

    private void check(Oracle compose, Function<CorpusCase, Answer> recorded, List<CorpusCase> cases) throws Exception {
        var scratch = temporary.toRealPath();
        var differences = differences(cases, project -> {
            var directory = project.writeTo(scratch);
            var answer = compose.config(directory, project.arguments(), project.variables());
            var changed = Answer.difference(recorded.apply(project), answer);
            return changed.isEmpty()
                    ? emitted(compose, project, directory, answer)
                    : "no longer as recorded; run it/record: " + changed.replace("we ", "now ");
        });
        Proof.claim("compose files: Compose " + compose.version() + " answers as recorded and reads what we write: "
                + (cases.size() - differences.size()) + " of " + cases.size() + Ring.note());
        assertThat(differences).isEmpty();
    }

    private void checkRandom(Oracle compose, int sample) throws Exception {
        var seeds = IntStream.range(0, RANDOM_FILES).boxed().toList();
        var projects =
                Ring.sample(seeds, sample).stream().map(RandomCompose::project).toList();
        var scratch = temporary.toRealPath();
        var differences = differences(projects, project -> {
            var directory = project.writeTo(scratch);
            var answer = compose.config(directory, project.arguments(), project.variables());
            var difference =
                    Answer.difference(answer, Reading.of(project, directory).answer());
            return difference.isEmpty() ? emitted(compose, project, directory, answer) : difference;
        });
        Proof.claim("random compose files: agree with " + compose.version() + ": "
                + (projects.size() - differences.size()) + " of " + projects.size() + Ring.note());
        assertThat(differences).isEmpty();
    }

    private static List<String> differences(List<CorpusCase> projects, Function<CorpusCase, String> check) {
        return projects.parallelStream()
                .map(one -> Optional.of(check.apply(one))
                        .filter(difference -> !difference.isEmpty())
                        .map(difference -> one + ": " + difference))
                .flatMap(Optional::stream)
                .toList();
    }

    /** What we write, resolved and made self-contained, means the same to Compose, without a variable or another file. */
    private static String emitted(Oracle compose, CorpusCase project, Path directory, Answer before) {
        for (var file : written(project, directory)) {
            var answer = compose.reads(file, directory);
            var difference = Answer.difference(answer, Reading.answer(file, directory));
            // An older Compose that refuses or drops a key of a later one may do so with what we write as well.
            if (!difference.isEmpty() && !Answer.difference(before, answer).isEmpty()) {
                return "Compose reads our text differently: " + difference;
            }
        }
        return "";
    }

    private static List<ComposeFile> written(CorpusCase project, Path directory) {
        var resolved = Reading.of(project, directory).file();
        try {
            return resolved.map(file -> List.of(file, file.selfContained(directory)))
                    .orElse(List.of());
        } catch (ComposeFileException e) {
            return resolved.stream().toList(); // with a path of the host, for example
        }
    }

    private void record(Oracle oldest, Oracle newest) throws Exception {
        var scratch = Files.createDirectory(temporary.resolve("record")).toRealPath();
        var cases = Corpus.cases().parallelStream()
                .map(project -> {
                    var directory = project.writeTo(scratch);
                    return project.with(
                            newest.config(directory, project.arguments(), project.variables()),
                            oldest.config(directory, project.arguments(), project.variables()));
                })
                .toList();
        Corpus.record(cases, new Versions(oldest.version(), newest.version()));
    }
}
