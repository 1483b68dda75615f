package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds what we make of compose files against {@code docker compose config}: the same tree, or refused by both; and what we emit
 * against it once more.
 *
 * <p>Needs the path of a {@code docker-compose} binary in {@code COMPOSE_IT_COMPOSE}, and no engine. With the system property
 * {@code proof} it appends {@code agree: N of M} to that file.
 */
class ComposeConfigAgreementIT {

    private static final Path CASES = Path.of("src/test/compose").toAbsolutePath();
    private static final int RANDOM_FILES = 1_000;
    private static final AtomicInteger COMPARED = new AtomicInteger();
    private static final AtomicInteger AGREED = new AtomicInteger();
    private static final AtomicInteger DIFFERENT = new AtomicInteger();

    @TempDir
    static Path scratch;

    private static Agreement agreement = new Agreement(new Oracle(Path.of("none")));

    @BeforeAll
    static void findCompose() {
        String binary = System.getenv("COMPOSE_IT_COMPOSE");
        assumeTrue(
                binary != null && Files.isExecutable(Path.of(binary)),
                "COMPOSE_IT_COMPOSE names no docker-compose binary: whether we read compose files as Docker does is NOT CHECKED");
        agreement = new Agreement(new Oracle(Path.of(String.valueOf(binary))));
    }

    @AfterAll
    static void prove() throws IOException {
        String line = "agree: " + AGREED + " of " + COMPARED + " (" + agreement.refused() + " refused by both; "
                + DIFFERENT + " differ for the reason that stands beside them)";
        System.out.println(line);
        String proof = System.getProperty("proof", "");
        if (!proof.isEmpty() && COMPARED.get() > 0) {
            Path file = Path.of(proof).toAbsolutePath();
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    static List<String> cases() throws IOException {
        try (Stream<Path> all = Files.list(CASES)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void we_read_a_file_as_compose_does(String name) {
        Path directory = CASES.resolve(name);
        String difference = agreement.check(directory);
        COMPARED.incrementAndGet();
        if (Files.exists(directory.resolve("differs"))) {
            assertThat(difference).as("the file `differs` has had its day").isNotEmpty();
            DIFFERENT.incrementAndGet();
            return;
        }
        assertThat(difference).isEmpty();
        AGREED.incrementAndGet();
    }

    @Test
    void we_read_random_files_as_compose_does() {
        List<String> differences = IntStream.range(0, RANDOM_FILES)
                .parallel()
                .mapToObj(seed -> {
                    String difference = agreement.check(write(seed));
                    COMPARED.incrementAndGet();
                    AGREED.addAndGet(difference.isEmpty() ? 1 : 0);
                    return difference.isEmpty() ? "" : "seed " + seed + ": " + difference;
                })
                .filter(difference -> !difference.isEmpty())
                .toList();
        assertThat(differences).isEmpty();
    }

    private static Path write(int seed) {
        try {
            Path directory = Files.createDirectory(scratch.resolve("seed-" + seed));
            List<String> documents = new RandomCompose(seed).documents();
            StringBuilder arguments = new StringBuilder();
            for (int i = 0; i < documents.size(); i++) {
                Files.writeString(directory.resolve(i + ".yaml"), documents.get(i));
                arguments.append("-f ").append(i).append(".yaml ");
            }
            Files.writeString(directory.resolve("args"), arguments);
            Map<String, String> variables = RandomCompose.variables();
            Files.writeString(
                    directory.resolve("variables"),
                    variables.keySet().stream()
                            .map(name -> name + "=" + variables.get(name))
                            .collect(Collectors.joining("\n")));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
