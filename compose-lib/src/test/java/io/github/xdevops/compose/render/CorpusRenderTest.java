package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.corpus.Corpus;
import io.github.xdevops.compose.corpus.CorpusCase;
import io.github.xdevops.compose.corpus.Reading;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.proof.Ring;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The overlays fit over every file that Compose accepts, or the reason is the user's file and not an overlay. */
class CorpusRenderTest {
    @TempDir
    static Path temporary;

    static List<CorpusCase> cases() {
        return Ring.sample(Corpus.cases(), 150);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void anOverlayIsNeverTheReasonOfAFailure(CorpusCase project) throws Exception {
        var directory = project.writeTo(temporary.toRealPath());
        if (Reading.of(project, directory).file().isEmpty()) {
            return;
        }
        for (var lifetime : List.of("7d", "forever")) {
            try {
                var text = builder(project, directory, lifetime).render().text();
                assertThat(ComposeFile.parse(text, "rendered").text()).isEqualTo(text);
            } catch (ComposeException e) {
                assertThat(e.getMessage()).doesNotContain(".ftl");
            }
        }
    }

    private static StackBuilder builder(CorpusCase project, Path directory, String lifetime) {
        var source = project.source(directory, "agreement");
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("ci.example.com")
                .lifetime(Lifetime.parse(lifetime))
                .proxyNetwork("proxy")
                .unrouted()
                .files(source.files())
                .envFiles(source.envFiles())
                .profiles(source.profiles())
                .variables(source.variables());
    }
}
