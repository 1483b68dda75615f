package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.pipeline.PipelineKind;
import io.github.xdevops.compose.maven.pipeline.PipelineText;
import io.github.xdevops.compose.template.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files in {@code examples} are those that the README's call writes. {@code -Dexamples.write=true} writes them. */
class ExamplesTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern VERSION = Pattern.compile("<version>(.+)</version>");
    private static final Pattern CALL = Pattern.compile("(?m)^mvn compose:ci (.+)$");
    private static final Pattern PARAMETER = Pattern.compile("-D(compose\\.[\\w.]+)=(\\S+)");

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void anExampleIsWhatTheReadmesCallWrites(PipelineKind kind) throws IOException {
        var readme = Files.readString(TOP.resolve("README.md"));
        var call = CALL.matcher(readme);
        assertThat(call.find()).as("the README calls compose:ci").isTrue();
        var said = new TreeMap<String, String>();
        for (var parameters = PARAMETER.matcher(call.group(1)); parameters.find(); ) {
            said.put(parameters.group(1), parameters.group(2));
        }
        var version = VERSION.matcher(readme);
        assertThat(version.find()).as("the README names the version").isTrue();
        var text = new PipelineText(
                        "io.github.xdevops.compose:compose-maven-plugin:" + version.group(1),
                        said.getOrDefault("compose.host", ""),
                        said.getOrDefault("compose.domain", ""),
                        said.getOrDefault("compose.lifetime", ""),
                        "acme/shop",
                        Map.of(),
                        PipelineText.options(said, Set.of()),
                        PipelineText.secrets(said),
                        List.of(),
                        List.of(),
                        false)
                .render(kind, new Templates(List.of()));
        var example = TOP.resolve("examples").resolve(kind.word()).resolve(kind.file());
        if (Boolean.getBoolean("examples.write")) {
            Console.write(example, text);
        }
        assertThat(example).as("-Dexamples.write=true writes it anew").hasContent(text);
    }
}
