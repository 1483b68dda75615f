package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.render.Stage;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Prints the compose file that a deploy would bring up, with secrets masked, or writes it to a file. Needs no server.
 *
 * <p>Example: {@code mvn compose:render -Dcompose.domain=ci.example.com -Dcompose.output=target/compose.yaml}
 */
@Mojo(name = "render", requiresProject = false, aggregator = true, threadSafe = true)
public final class RenderMojo extends StackMojo {
    /** The file to write, which only its owner can read and which has the secrets; by default the console, without them. */
    @Parameter(property = "compose.output")
    private @Nullable File output;

    /** {@code resolved}: as `docker compose config` shows it; {@code merged}: self-contained, before the overlays; {@code final}. */
    @Parameter(property = "compose.stage", defaultValue = "final")
    private String stage = "final";

    /** {@code show}: with secrets; {@code mask}: with {@code ***} for them; by default a file has them and the console does not. */
    @Parameter(property = "compose.secrets")
    private @Nullable String secrets;

    @Override
    void run() {
        var wanted = Arrays.stream(Stage.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(stage))
                .findFirst()
                .orElseThrow(() -> new ComposeException(
                        Outcome.USAGE, "compose.stage = `" + stage + "` is not resolved, merged or final"));
        if (secrets != null && !secrets.equals("show") && !secrets.equals("mask")) {
            throw new ComposeException(Outcome.USAGE, "compose.secrets = `" + secrets + "` is neither show nor mask");
        }
        var masked = secrets == null ? output == null : secrets.equals("mask");
        var text = masked ? builder().maskedText(wanted) : builder().text(wanted);
        if (output == null) {
            Console.print(text);
            return;
        }
        Console.writePrivately(output.toPath(), text);
        getLog().info("Wrote " + output);
    }
}
