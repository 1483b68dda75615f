package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.ci.Pipelines;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhoamiReportTest {
    @Test
    void itTellsWhatIsKnownAndWhatIsNot() {
        var source = Pipelines.detect(Map.of(
                        "DRONE", "true",
                        "DRONE_REPO", "acme/shop",
                        "DRONE_SOURCE_BRANCH", "feature/login",
                        "DRONE_PULL_REQUEST", "12",
                        "DRONE_BUILD_NUMBER", "7"))
                .orElseThrow();
        var revision = new Revision(source.branch(), source.commit(), "an\u001b[31mn", null, source.sequence());
        var environment = new Environment("acme/shop", "feature/login", revision);
        assertThat(WhoamiReport.text(source, environment, environment.slug(), "http://x.test"))
                .isEqualTo("""
                according to    Drone
                repository      acme/shop
                branch          feature/login
                default branch  not known
                fork            not known
                request         12
                commit          not known
                author          an?[31mn
                pipeline        not known
                sequence        7
                environment     feature/login
                project         feature-login-iwo35d6e5z5vwilw
                url             http://x.test
                """);
    }
}
