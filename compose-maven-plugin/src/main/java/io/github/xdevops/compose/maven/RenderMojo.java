package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.render.Stage;
import java.util.Arrays;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Prints the final compose file of a deploy, with secrets masked. A {@code compose.output} file has them, readable by its owner
 * only.
 *
 * <p>Example: {@code mvn compose:render -Dcompose.domain=ci.example.com -Dcompose.output=target/compose.yaml}
 */
@Mojo(name = "render", requiresProject = false, aggregator = true, threadSafe = true)
public final class RenderMojo extends StackMojo {
    /**
     * {@code resolved}: as `docker compose config`; {@code merged}: before the overlays; {@code final}: as deployed.
     */
    @Parameter(property = "compose.stage", defaultValue = "final")
    private String stage = "final";

    @Override
    void run() {
        var wanted = Arrays.stream(Stage.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(stage))
                .findFirst()
                .orElseThrow(() -> new ComposeException(
                        Outcome.USAGE, "compose.stage = `" + stage + "` is not resolved, merged or final"));
        var file = outputFile();
        // A finished stack also tells what a review environment does not get.
        var stack = wanted == Stage.FINAL ? builder().render() : null;
        if (stack != null) {
            stack.warnings().forEach(getLog()::warn);
        }
        if (file == null) {
            printData(stack == null ? builder().maskedText(wanted) : stack.maskedText());
        } else {
            Console.writePrivately(file, stack == null ? builder().text(wanted) : stack.text());
            getLog().info("Wrote " + file + ", with secrets, readable by its owner only");
        }
    }
}
