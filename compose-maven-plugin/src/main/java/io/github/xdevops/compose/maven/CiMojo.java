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
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a complete, commented pipeline that deploys each branch and takes it down. What else is said with {@code -Dcompose.…},
 * as {@code compose.files} or {@code compose.overlays}, is what the pipeline's deploys say. A file that exists is left alone.
 *
 * <p>Example: {@code mvn compose:ci -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "ci", requiresProject = false, aggregator = true, threadSafe = true)
public final class CiMojo extends ComposeMojo {
    /** {@code gitlab}, {@code github} or {@code jenkins}; by default what the project uses already, else what its remote is. */
    @Parameter(property = "compose.ci")
    private @Nullable String ci;

    /** The server that the pipeline deploys to: {@code [user@]host[:port]}. */
    @Parameter(property = "compose.host")
    private @Nullable String host;

    /** The bastions on the way, {@code [user@]host[:port]}, the nearest first, separated by commas. */
    @Parameter(property = "compose.jump")
    private @Nullable String jump;

    /** Where records lie on the server, when it is not {@code .yourlabs.compose}. */
    @Parameter(property = "compose.stateDirectory")
    private @Nullable String stateDirectory;

    /** The domain below which environments live, as {@code ci.example.com} or {@code https://…}; by default the server's name. */
    @Parameter(property = "compose.domain")
    private @Nullable String domain;

    /** How long an environment lives after its last deploy: {@code 7d}, {@code 12h}, {@code 90m}, {@code P7D} or seconds. */
    @Parameter(property = "compose.lifetime", defaultValue = "7d")
    private String lifetime = "7d";

    /** A directory whose {@code pipelines/gitlab.ftl}, {@code github.ftl} or {@code jenkins.ftl} replaces the built-in one. */
    @Parameter(property = "compose.templates", defaultValue = "src/main/compose")
    private String templates = "src/main/compose";

    /** Where to write to, or {@code -} to print; by default where the pipeline looks for its file. */
    @Parameter(property = "compose.output")
    private @Nullable String output;

    /** Replaces a file that exists. */
    @Parameter(property = "compose.overwrite", defaultValue = "false")
    private boolean overwrite;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    private @Nullable MojoExecution execution;

    @Override
    void run() {
        var kind = ci != null
                ? PipelineKind.parse(ci)
                : PipelineKind.of(
                        directory(), GitCheckout.remoteHost(directory()).orElse(null));
        var text = text().render(
                        kind,
                        new Templates(
                                List.of(directory().resolve(templates)),
                                file -> ProjectFiles.objection(directory(), file)));
        if ("-".equals(output)) {
            Console.print(text);
            return;
        }
        var name = output != null ? output : kind.file();
        write(directory(), name, overwrite, text);
        getLog().info("Wrote " + name + "; its first lines tell what to set up once");
    }

    private PipelineText text() {
        if (host == null || host.isBlank()) {
            throw new ComposeException(
                    Outcome.USAGE, "To which server shall the pipeline deploy? Say it with -Dcompose.host=user@host");
        }
        if (execution == null) {
            throw new IllegalStateException("Maven does not say which goal this is");
        }
        var connection = new LinkedHashMap<String, String>();
        if (jump != null) {
            connection.put("jump", jump);
        }
        if (stateDirectory != null) {
            connection.put("stateDirectory", stateDirectory);
        }
        var said = new LinkedHashMap<String, String>();
        var properties = session().getUserProperties();
        properties.stringPropertyNames().forEach(name -> said.put(name, properties.getProperty(name)));
        return new PipelineText(
                execution.getGroupId() + ":" + execution.getArtifactId() + ":" + execution.getVersion(),
                host,
                domain != null ? domain : HostSettings.address(host).host(),
                lifetime,
                source().repository(),
                Map.copyOf(connection),
                PipelineText.options(said, connection.keySet()));
    }

    /** @throws ComposeException {@code USAGE} if the file exists and shall not be replaced */
    public static void write(Path directory, String name, boolean overwrite, String text) {
        var file = directory.resolve(name);
        if (Files.exists(file) && !overwrite) {
            throw new ComposeException(
                    Outcome.USAGE,
                    name + " exists, so it is left alone; see what would be written there with -Dcompose.output=-, or"
                            + " replace it with -Dcompose.overwrite=true");
        }
        Console.write(file, text);
    }
}
