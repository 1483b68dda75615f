package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.ci.GitCheckout;
import io.github.xdevops.compose.file.load.ProjectFiles;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.console.ResultPlace;
import io.github.xdevops.compose.maven.pipeline.ImageBuild;
import io.github.xdevops.compose.maven.pipeline.PipelineKind;
import io.github.xdevops.compose.maven.pipeline.PipelineText;
import io.github.xdevops.compose.template.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pipeline that deploys and removes each branch. An existing one stays unchanged. Other {@code -Dcompose.…} parameters
 * become those of its deploys.
 *
 * <p>Example: {@code mvn compose:ci -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "ci", requiresProject = false, aggregator = true, threadSafe = true)
public final class CiMojo extends StackMojo {
    /**
     * {@code gitlab}, {@code github} or {@code jenkins}; by default from the project or its remote.
     */
    @Parameter(property = "compose.ci")
    private @Nullable String ci;

    /** Further persistent environments that work like production, such as {@code demo,training}. */
    @Parameter(property = "compose.environments")
    private @Nullable List<String> environments;

    @Override
    void run() {
        var kind = ci != null
                ? PipelineKind.parse(ci)
                : PipelineKind.of(
                        directory(), GitCheckout.remoteHost(directory()).orElse(null));
        var file = directory().resolve(kind.file());
        var addition = outputFile() == null && Files.exists(file) && !isOurs(file);
        var text = text(addition)
                .render(
                        kind,
                        new Templates(List.of(templates()), template -> ProjectFiles.objection(directory(), template)));
        if (isPrinted()) {
            print(text);
            return;
        }
        if (addition) {
            file = directory().resolve(kind.addition().getKey());
        }
        var named = outputFile();
        var place = named != null ? named : ResultPlace.checked(checkout(), file, false);
        write(place, text);
        getLog().info("Wrote " + place + "; its first lines tell what to set up once");
        if (addition) {
            getLog().info(kind.file() + " is left as it is. " + kind.addition().getValue());
        }
    }

    /** Whether the file was written by this goal; nothing is added to such a pipeline. */
    private static boolean isOurs(Path file) {
        try {
            return Files.readString(file).contains("Written by `mvn compose:ci`");
        } catch (IOException e) {
            return false;
        }
    }

    private PipelineText text(boolean addition) {
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
                PipelineText.options(said, connection.keySet()),
                PipelineText.secrets(said),
                ImageBuild.of(directory(), words(said.get("compose.files"))),
                environments == null
                        ? List.of()
                        : environments.stream().map(String::strip).toList(),
                addition);
    }

    private static List<String> words(@Nullable String list) {
        return list == null ? List.of() : List.of(list.strip().split("\\s*,\\s*"));
    }

    /**
     * Writes a new file.
     *
     * @throws ComposeException {@code USAGE} if the file exists
     */
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
