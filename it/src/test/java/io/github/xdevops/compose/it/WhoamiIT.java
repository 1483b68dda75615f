package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which environment a job is about, in a real Maven; no server is called. */
class WhoamiIT {
    @TempDir
    Path directory;

    /** The line that names its project, which is also that of its volumes. */
    private String project(Map<String, String> more, String... options) {
        var variables = new HashMap<>(Map.of(
                "GITLAB_CI", "true",
                "CI_PROJECT_PATH", "acme/shop",
                "CI_DEFAULT_BRANCH", "main"));
        variables.putAll(more);
        var said = new Maven(directory, TestServer.required())
                .run("whoami", List.of(options), variables)
                .out();
        return said.lines()
                .filter(line -> line.startsWith("project "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said))
                .replaceAll("project +", "");
    }

    private static Map<String, String> job(String branch, String environment) {
        return Map.of("CI_COMMIT_REF_NAME", branch, "CI_ENVIRONMENT_NAME", environment);
    }

    @Test
    void twoEnvironmentsOfOneBranchAreTwo() {
        var projects = List.of(
                project(job("main", "staging/main")),
                project(job("main", "production/main")),
                project(job("main", "review/main")),
                project(job("main", "main")));
        assertThat(projects).doesNotHaveDuplicates();
        assertThat(projects.get(2)).isEqualTo("main-vlmdfgi74i3oitzx");
    }

    @Test
    void theEnvironmentStagingIsNotTheReviewOfABranchStagingAndBothAreFoundByHand() {
        var named = project(job("main", "staging"));
        var review = project(job("staging", "review/staging"));
        assertThat(named).isNotEqualTo(review);
        assertThat(byHand("-Dcompose.environment=staging")).isEqualTo(named);
        assertThat(byHand("-Dcompose.branch=staging")).isEqualTo(review);
    }

    @Test
    void aBranchThatIsSaidCountsMoreThanWhatThePipelineFixes() {
        assertThat(project(job("main", "staging"), "-Dcompose.branch=feature/x"))
                .isEqualTo(byHand("-Dcompose.branch=feature/x"));
    }

    @Test
    void aTagIsNotTheBranchOfItsName() {
        var tag = project(Map.of("CI_COMMIT_REF_NAME", "v1", "CI_COMMIT_TAG", "v1"));
        assertThat(tag)
                .isNotEqualTo(project(Map.of("CI_COMMIT_REF_NAME", "v1")))
                .isEqualTo(byHand("-Dcompose.environment=tag/v1"));
    }

    private String byHand(String... options) {
        var all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "-Dcompose.repository=acme/shop";
        return project(Map.of("GITLAB_CI", ""), all);
    }
}
