package io.github.xdevops.compose.maven.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
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
                        "DRONE_COMMIT_AUTHOR", "an\u001b[31mn",
                        "DRONE_BUILD_NUMBER", "7"))
                .orElseThrow();
        var revision = new Revision(source.branch(), source.commit(), source.author(), null, source.sequence());
        var environment = new Environment("acme/shop", "feature/login", revision);
        assertThat(WhoamiReport.text(source, environment, fact -> null, null, environment.slug(), "http://x.test"))
                .isEqualTo("""
                according to    Drone
                repository      acme/shop  (DRONE_REPO)
                branch          feature/login  (DRONE_SOURCE_BRANCH)
                author          an?[31mn  (DRONE_COMMIT_AUTHOR)
                sequence        7  (DRONE_BUILD_NUMBER)
                request         12  (DRONE_PULL_REQUEST)
                environment     feature/login  (the branch's)
                project         feature-login-iwo35d6e5z5vwilw
                url             http://x.test
                not known       tag, commit, pipeline, fixed name, fixed slug, fixed url, default branch, fork, registry
                """);
    }

    @Test
    void parametersAndFactsOfThePipelineAreToldApart() {
        var source = Pipelines.detect(Map.of(
                        "GITLAB_CI", "true",
                        "CI_COMMIT_TAG", "v1",
                        "CI_COMMIT_REF_NAME", "v1",
                        "CI_ENVIRONMENT_NAME", "production",
                        "CI_ENVIRONMENT_SLUG", "production",
                        "CI_ENVIRONMENT_URL", "http://x.test/app"))
                .orElseThrow();
        var fixed = new Environment("acme/shop", "production", true, Revision.UNKNOWN);
        assertThat(WhoamiReport.text(
                        source,
                        fixed,
                        fact -> fact == Fact.REPOSITORY ? "compose.repository" : null,
                        new Finding("registry.test", "compose.registry"),
                        "p",
                        "http://x.test"))
                .contains(
                        "repository      acme/shop  (compose.repository)\n",
                        "tag             v1  (CI_COMMIT_TAG)\n",
                        "fixed name      production  (CI_ENVIRONMENT_NAME)\n",
                        "fixed slug      production  (CI_ENVIRONMENT_SLUG)\n",
                        "fixed url       http://x.test  (CI_ENVIRONMENT_URL)\n",
                        "registry        registry.test  (compose.registry)\n",
                        "environment     production  (CI_ENVIRONMENT_NAME)\n");
        var tag = new Environment("acme/shop", "tag/v1", true, Revision.UNKNOWN);
        assertThat(WhoamiReport.text(source, tag, fact -> null, null, "p", "u")).contains("tag/v1  (the tag's)\n");
        var said = Environment.named("acme/shop", "qa");
        assertThat(WhoamiReport.text(
                        source, said, fact -> fact == Fact.ENVIRONMENT ? "compose.environment" : null, null, "p", "u"))
                .contains("environment     qa  (compose.environment)\n");
    }
}
