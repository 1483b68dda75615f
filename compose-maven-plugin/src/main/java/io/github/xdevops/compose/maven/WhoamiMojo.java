package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.ci.Source.Finding;
import io.github.xdevops.compose.maven.report.WhoamiReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.jspecify.annotations.Nullable;

/**
 * Prints the detected source, its origin, and the resulting environment.
 *
 * <p>Example: {@code mvn compose:whoami -Dcompose.domain=ci.example.com}
 */
@Mojo(name = "whoami", requiresProject = false, aggregator = true, threadSafe = true)
public final class WhoamiMojo extends StackMojo {
    @Override
    void run() {
        print(WhoamiReport.text(source(), environment(), this::parameter, saidRegistry(), projectName(), address()));
    }

    private @Nullable Finding saidRegistry() {
        var given = registry();
        if (given != null) {
            return new Finding(given, "compose.registry");
        }
        var variable = System.getenv("COMPOSE_REGISTRY");
        return variable == null || variable.isBlank() ? null : new Finding(variable, "COMPOSE_REGISTRY");
    }

    private String address() {
        try {
            return builder().address();
        } catch (ComposeException e) {
            return "none yet: " + e.getMessage();
        }
    }
}
