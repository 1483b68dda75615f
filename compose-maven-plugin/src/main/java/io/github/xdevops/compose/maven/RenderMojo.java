package io.github.xdevops.compose.maven;

import java.io.File;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Prints the compose file that a deploy would bring up, or writes it to a file. Needs no server. */
@Mojo(name = "render", requiresProject = false, aggregator = true, threadSafe = true)
public final class RenderMojo extends StackMojo {
    /** The file to write; by default the console. */
    @Parameter(property = "compose.output")
    private @Nullable File output;

    @Override
    void run() {
        var text = render().text();
        if (output == null) {
            Console.print(text);
            return;
        }
        Console.write(output.toPath(), text);
        getLog().info("Wrote " + output);
    }
}
