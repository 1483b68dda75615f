package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.corpus.Answer;
import io.github.xdevops.compose.corpus.Reading;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rendered for a server is a fixpoint, and Docker Compose reads it as we do. */
class RenderedIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"7d", "forever"})
    void renderingItsOwnOutputChangesNothingAndComposeReadsTheSame(String lifetime) throws Exception {
        var compose = System.getenv("COMPOSE_IT_COMPOSE");
        assumeTrue(compose != null, "no docker-compose binary: whether Compose reads what we render is NOT CHECKED");
        var first = stack(Path.of("demo-app"), lifetime).render();
        Files.writeString(directory.resolve("compose.yaml"), first.text());
        var routes = first.endpoints().stream().map(Endpoint::route).toList();
        assertThat(stack(directory, lifetime).routes(routes).render().text()).isEqualTo(first.text());
        var file = ComposeFile.parse(first.text(), "compose.yaml");
        assertThat(Answer.difference(
                        new Oracle(Path.of(compose)).reads(file, directory), Reading.answer(file, directory)))
                .isEmpty();
    }

    private static StackBuilder stack(Path directory, String lifetime) {
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/cart"))
                .domain("https://ci.example.com")
                .overlays(List.of("maildev", "basicauth", "noindex"))
                .basicAuth("ann:pa$$word")
                .lifetime(Lifetime.parse(lifetime));
    }
}
