package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.doctor.Doctor;
import io.github.xdevops.compose.doctor.DoctorOptions;
import io.github.xdevops.compose.doctor.Finding;
import io.github.xdevops.compose.doctor.Finding.State;
import io.github.xdevops.compose.text.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real test server is healthy; what is broken in its state directory is found and cured by the command that is told. */
class DoctorIT {
    private static final String STATE = ".compose-it-doctor";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void connect() {
        server = TestServer.required();
        server.login("umask 077; mkdir -p " + STATE);
    }

    @AfterEach
    void remove() {
        if (server != null) {
            server.login("rm -rf " + STATE);
        }
    }

    @Test
    void theTestServerIsHealthyAndTheGoalSaysSoAsJson() {
        var run = new Maven(directory, server)
                .run("doctor", "-q", "-Dcompose.format=json", "-Dcompose.stateDirectory=" + STATE);
        assertThat(run.exit()).isZero();
        var findings = ((List<?>) Json.parse(run.out()))
                .stream().map(finding -> (Map<?, ?>) finding).toList();
        assertThat(findings)
                .extracting(finding -> (Object) finding.get("check"))
                .contains(
                        "connection",
                        "tools",
                        "clock",
                        "docker",
                        "compose",
                        "traefik",
                        "traefik.network",
                        "disk",
                        "port");
        assertThat(findings)
                .extracting(finding -> (Object) finding.get("state"))
                .doesNotContain("problem");
    }

    @Test
    void whatIsBrokenInTheStateDirectoryIsFoundAndItsCureCuresIt() {
        server.login(
                "cd " + STATE + " && chmod 755 . && echo alow services.*.privileged >.policy && echo disk=2g >.limits");
        var found = found();
        assertThat(found).extracting(Finding::check).contains("state", "policy", "limits");
        found.forEach(finding -> server.login(finding.cure()));
        assertThat(found()).isEmpty();
    }

    private List<Finding> found() {
        var options = new DoctorOptions(STATE, "127.0.0.1", Address.parse(server.domain()), null);
        try (var host = server.connect()) {
            return Doctor.examine(host, options).findings().stream()
                    .filter(finding -> finding.state() != State.OK)
                    .filter(finding -> List.of("state", "policy", "limits").contains(finding.check()))
                    .toList();
        }
    }
}
