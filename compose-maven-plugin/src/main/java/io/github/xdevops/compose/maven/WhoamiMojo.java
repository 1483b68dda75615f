package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Prints what is known of the source, who says it, and which environment follows from it. Needs neither a compose file nor a server.
 *
 * <p>Example: {@code mvn compose:whoami -Dcompose.domain=ci.example.com}
 */
@Mojo(name = "whoami", requiresProject = false, aggregator = true, threadSafe = true)
public final class WhoamiMojo extends StackMojo {
    @Override
    void run() {
        Console.print(WhoamiReport.text(source(), environment(), projectName(), address()));
    }

    private String address() {
        try {
            return builder().address();
        } catch (ComposeException e) {
            return "none yet: " + e.getMessage();
        }
    }
}
