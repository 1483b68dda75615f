package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.maven.report.DiagnosisReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Examines a server and the connection to it, and prints remedies. Fails with {@code UNAVAIL} if deploys cannot work.
 *
 * <p>Example: {@code mvn compose:doctor -Dcompose.host=deploy@ci.example.com}
 */
@Mojo(name = "doctor", requiresProject = false, aggregator = true, threadSafe = true)
public final class DoctorMojo extends HostMojo {
    /** {@code json}, or {@code table} for people. */
    @Parameter(property = "compose.format", defaultValue = "table")
    private String format = "table";

    /**
     * The domain for environments, such as {@code ci.example.com} or {@code https://…}; by default the server's name.
     */
    @Parameter(property = "compose.domain")
    private @Nullable String domain;

    /** The Docker network of Traefik, if it is not in the host's network namespace. */
    @Parameter(property = "compose.proxyNetwork")
    private @Nullable String proxyNetwork;

    @Override
    void run() {
        var json = isJson(format, "table");
        var server = serverName();
        var below = domain != null ? domain : server == null || isNumeric(server) ? null : server;
        var options =
                new DoctorOptions(stateDirectory(), server, below == null ? null : Address.parse(below), proxyNetwork);
        try (var host = openHost()) {
            var diagnosis = Doctor.examine(host, options);
            if (json) {
                printData(DiagnosisReport.json(diagnosis));
            } else {
                print(DiagnosisReport.table(diagnosis));
            }
            if (!diagnosis.problems().isEmpty()) {
                throw new ComposeException(
                        Outcome.UNAVAIL,
                        "Deploys to " + host.address() + " do not work: " + String.join(", ", diagnosis.problems())
                                + "; the table has the cure of each");
            }
        }
    }

    private @Nullable String serverName() {
        var host = requiredHost();
        return host.equals("local") ? null : HostSettings.address(host).host();
    }

    private static boolean isNumeric(String server) {
        return server.matches("[0-9.]+") || server.contains(":");
    }
}
