package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.ci.GitCheckout;
import io.github.xdevops.compose.file.load.ProjectFiles;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.pipeline.PipelineKind;
import io.github.xdevops.compose.maven.pipeline.PipelineText;
import io.github.xdevops.compose.template.Templates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a complete, commented pipeline that deploys each branch and takes it down. What else is said with {@code -Dcompose.…},
 * as {@code compose.files} or {@code compose.overlays}, is what the pipeline's deploys say. A file that exists is left alone;
 * {@code compose.output=-} prints.
 *
 * <p>Example: {@code mvn compose:ci -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "ci", requiresProject = false, aggregator = true, threadSafe = true)
public final class CiMojo extends StackMojo {
    /** {@code gitlab}, {@code github} or {@code jenkins}; by default what the project uses already, else what its remote is. */
    @Parameter(property = "compose.ci")
    private @Nullable String ci;

    @Override
    void run() {
        var kind = ci != null
                ? PipelineKind.parse(ci)
                : PipelineKind.of(
                        directory(), GitCheckout.remoteHost(directory()).orElse(null));
        var text = text().render(
                        kind, new Templates(List.of(templates()), file -> ProjectFiles.objection(directory(), file)));
        if (isPrinted()) {
            print(text);
            return;
        }
        var file = outputFile() != null ? outputFile() : directory().resolve(kind.file());
        write(file, text);
        getLog().info("Wrote " + file + "; its first lines tell what to set up once");
    }

    private PipelineText text() {
        var server = requiredHost();
        var below = domain();
        if (below == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.host is an IP address, below which no environment can have a URL. Set a domain whose wildcard"
                            + " DNS record leads to the server, as in -Dcompose.domain=ci.example.com");
        }
        var connection = connection();
        var said = new LinkedHashMap<String, String>();
        var properties = session().getUserProperties();
        properties.stringPropertyNames().forEach(name -> said.put(name, properties.getProperty(name)));
        return new PipelineText(
                plugin(),
                server,
                below,
                lifetime(),
                source().repository(),
                Map.copyOf(connection),
                PipelineText.options(said, connection.keySet()));
    }

    /** @throws ComposeException {@code USAGE} if the file exists */
    public static void write(Path file, String text) {
        if (Files.exists(file)) {
            throw new ComposeException(
                    Outcome.USAGE,
                    file + " exists, so it is left alone; print what would be written there with -Dcompose.output=-, or"
                            + " delete it first");
        }
        Console.write(file, text);
    }
}
