package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.maven.console.Browser;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Prints the URLs of an environment, and opens the first in a browser.
 *
 * <p>Example: {@code mvn compose:open -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "open", requiresProject = false, aggregator = true, threadSafe = true)
public final class OpenMojo extends EnvironmentMojo {
    @Override
    void run() {
        var name = projectName();
        try (var stacks = connect()) {
            var urls = stacks.inspect(name).status().urls();
            if (urls.isEmpty()) {
                throw new ComposeException(Outcome.DATA, name + " has no URL");
            }
            urls.forEach(this::print);
            if (!Browser.ofThisDesktop().show(Browser.checked(urls.get(0)))) {
                getLog().info("There is no browser on this machine");
            }
        }
    }
}
