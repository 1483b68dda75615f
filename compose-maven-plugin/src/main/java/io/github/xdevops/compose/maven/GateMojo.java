package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.server.Gate;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Installs the gate on a server, and prints the line for {@code authorized_keys} that restricts a key to one repository.
 *
 * <p>Example:
 * {@code mvn compose:gate -Dcompose.host=deploy@ci.example.com -Dcompose.repository=acme/shop -Dcompose.gate.key=pipeline.pub}
 */
@Mojo(name = "gate", requiresProject = false, aggregator = true, threadSafe = true)
public final class GateMojo extends EnvironmentMojo {
    /** The file with the pipeline's public key; without one, the line has a placeholder. */
    @Parameter(property = "compose.gate.key")
    private @Nullable File gateKey;

    /** Patterns of the key's project names, separated by commas; by default all of the repository. */
    @Parameter(property = "compose.gate.projects")
    private @Nullable List<String> gateProjects;

    /**
     * Patterns of the key's host names, separated by commas, such as {@code *.review.example.com}; by default any.
     */
    @Parameter(property = "compose.gate.hosts")
    private @Nullable List<String> gateHosts;

    /**
     * Further rights, separated by commas: {@code persistent}, {@code exec}, {@code home:DIRECTORY} (homes below it), {@code
     * network:NAME} (for {@code compose.proxyNetwork}), {@code seed:PROJECT} (for {@code compose.seed}).
     */
    @Parameter(property = "compose.gate.allow")
    private @Nullable List<String> gateAllow;

    @Override
    void run() {
        var gate = gate();
        var key = key();
        try (var stacks = connect()) {
            var options = stacks.installGate(gate);
            getLog().info("The gate for " + repositoryName()
                    + " is written. Put this line into ~/.ssh/authorized_keys on the server:");
            getLog().info("");
            print(options + " " + key);
            getLog().info("");
        }
    }

    private Gate gate() {
        var persistent = false;
        var exec = false;
        String home = null;
        var networks = new ArrayList<String>();
        var seeds = new ArrayList<String>();
        for (var right : gateAllow == null ? List.<String>of() : gateAllow) {
            switch (right.strip()) {
                case "persistent" -> persistent = true;
                case "exec" -> exec = true;
                default -> {
                    if (right.strip().startsWith("network:")) {
                        networks.add(right.strip().substring("network:".length()));
                    } else if (right.strip().startsWith("seed:")) {
                        seeds.add(right.strip().substring("seed:".length()));
                    } else {
                        home = home(right.strip());
                    }
                }
            }
        }
        return new Gate(
                repositoryName(),
                gateProjects == null ? List.of() : gateProjects,
                gateHosts == null ? List.of() : gateHosts,
                persistent,
                home,
                exec,
                networks,
                seeds);
    }

    private static String home(String right) {
        if (!right.startsWith("home:")) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.gate.allow has `" + right
                            + "`, which is none of persistent, exec, home:DIRECTORY, network:NAME and seed:PROJECT");
        }
        return right.substring("home:".length());
    }

    private String key() {
        if (gateKey == null) {
            return "PUBLIC-KEY-OF-THE-PIPELINE";
        }
        return PublicKey.read(gateKey);
    }
}
