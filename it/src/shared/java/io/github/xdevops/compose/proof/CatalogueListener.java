package io.github.xdevops.compose.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Notes for the proof sheet how the tests of each case of the catalogue ended: a case's number is the tag of its tests.
 * Does nothing when nobody collects proofs.
 */
public final class CatalogueListener implements TestExecutionListener {
    private volatile Optional<TestPlan> plan = Optional.empty();

    /** For the service loader. */
    public CatalogueListener() {}

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = Optional.of(started);
    }

    @Override
    public void executionSkipped(TestIdentifier skipped, String reason) {
        noteAll(skipped, "SKIPPED");
    }

    @Override
    public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
        String word =
                switch (result.getStatus()) {
                    case SUCCESSFUL -> "PASSED";
                    case FAILED -> "FAILED";
                    case ABORTED -> "SKIPPED";
                };
        if (finished.isTest()) {
            note(finished, word);
        } else if (result.getStatus() != Status.SUCCESSFUL) {
            noteAll(finished, word); // what fails before or after a class spoils each of its tests
        }
    }

    private void noteAll(TestIdentifier top, String word) {
        note(top, word);
        plan.ifPresent(all -> all.getDescendants(top).forEach(below -> note(below, word)));
    }

    private static void note(TestIdentifier test, String word) {
        var file = System.getProperty("proof");
        if (file == null || test.getTags().isEmpty()) {
            return;
        }
        var name = test.getSource().map(CatalogueListener::name).orElse(test.getDisplayName());
        var lines = new StringBuilder();
        test.getTags().forEach(tag -> lines.append(String.join(" ", tag.getName(), word, name)).append('\n'));
        try {
            var cases = Path.of(file).toAbsolutePath().resolveSibling("cases");
            Files.createDirectories(cases.getParent());
            Files.writeString(cases, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(TestSource source) {
        if (source instanceof MethodSource method) {
            return method.getClassName() + "." + method.getMethodName();
        }
        return source instanceof ClassSource type ? type.getClassName() : source.toString();
    }
}
