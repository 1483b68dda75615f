package io.github.xdevops.compose.maven.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.maven.report.DeployReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a merge or pull request shows of an environment, and that a deploy does not depend on it. */
class RequestCommentTest {
    private static final String MARK = "<!-- compose:shop-x -->\n";

    private final List<String> warnings = new ArrayList<>();

    private RequestComment comment(ForgeModel forge, Map<String, String> more) {
        var variables = new HashMap<>(forge.variables());
        variables.putAll(more);
        return RequestComment.of(variables, Duration.ofSeconds(20), warnings::add)
                .orElseThrow();
    }

    private static Source request(String number) {
        return Pipelines.detect(Map.of("DRONE", "true", "DRONE_PULL_REQUEST", number))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(ForgeModel.Kind.class)
    void thereIsOneCommentWhichLaterDeploysAndTheEndChange(ForgeModel.Kind kind) throws IOException {
        try (var forge = new ForgeModel(kind)) {
            forge.add("7", "somebody", "I looked at <!-- compose:shop-x -->");
            var comment = comment(forge, Map.of());
            comment.write(request("7"), "shop-x", "- <http://x.test>\n");
            comment.write(request("7"), "shop", "another environment\n");
            comment.write(request("7"), "shop-x", "- <http://x.test> \"again\" ü\n");
            assertThat(forge.bodies("7"))
                    .containsExactly(
                            "I looked at <!-- compose:shop-x -->",
                            MARK + "- <http://x.test> \"again\" ü\n",
                            "<!-- compose:shop -->\nanother environment\n");
            comment.change(request("7"), "x", "shop-x", DeployReport.gone("feature/x", "shop-x"));
            assertThat(forge.bodies("7")).contains(MARK + "### `feature/x`\n\n- is gone\n- project `shop-x`\n");
            comment.change(request("8"), "x", "shop-x", "gone");
            assertThat(forge.bodies("8")).isEmpty();
        }
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ForgeModel.Kind.class)
    void itIsFoundAmongMany(ForgeModel.Kind kind) throws IOException {
        try (var forge = new ForgeModel(kind)) {
            for (var i = 0; i < 130; i++) {
                forge.add("7", "somebody", "comment " + i);
            }
            var comment = comment(forge, Map.of());
            comment.write(request("7"), "shop-x", "one\n");
            var pages = forge.calls.size() - 1;
            comment.write(request("7"), "shop-x", "two\n");
            assertThat(pages).isEqualTo(kind == ForgeModel.Kind.GITEA ? 1 : 3);
            assertThat(forge.bodies("7")).hasSize(131).endsWith(MARK + "two\n");
        }
        assertThat(warnings).isEmpty();
    }

    /** Or a stranger's comment would keep ours away. */
    @ParameterizedTest
    @EnumSource(ForgeModel.Kind.class)
    void whatAnotherHasWrittenWithTheMarkStays(ForgeModel.Kind kind) throws IOException {
        try (var forge = new ForgeModel(kind)) {
            forge.add("7", "somebody", MARK + "http://evil.test");
            var comment = comment(forge, Map.of());
            comment.write(request("7"), "shop-x", "one\n");
            comment.write(request("7"), "shop-x", "two\n");
            assertThat(forge.bodies("7")).containsExactly(MARK + "http://evil.test", MARK + "two\n");
        }
        assertThat(warnings).isEmpty();
    }

    /** GitLab's stop job is one of the branch, and the request may be merged by then. */
    @Test
    void theRemovalIsToldOnTheRequestOfTheBranch() throws IOException {
        try (var forge = new ForgeModel(ForgeModel.Kind.GITLAB)) {
            forge.requestsOfBranch.put("feature/a&b", List.of("9", "7"));
            forge.add("7", "us", MARK + "deployed");
            comment(forge, Map.of()).change(Source.UNKNOWN, "feature/a&b", "shop-x", "gone\n");
            assertThat(forge.bodies("7")).containsExactly(MARK + "gone\n");
            assertThat(forge.bodies("9")).isEmpty();
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void aForksPipelineCommentsWhereTheRequestIs() throws IOException {
        try (var forge = new ForgeModel(ForgeModel.Kind.GITLAB)) {
            comment(forge, Map.of("CI_PROJECT_ID", "4711", "CI_MERGE_REQUEST_PROJECT_ID", "42"))
                    .write(request("7"), "shop-x", "one\n");
            assertThat(forge.bodies("7")).containsExactly(MARK + "one\n");
        }
    }

    @Test
    void aBranchWithoutARequestHasNoComment() throws IOException {
        for (var kind : ForgeModel.Kind.values()) {
            try (var forge = new ForgeModel(kind)) {
                comment(forge, Map.of()).write(Source.UNKNOWN, "shop-x", "one\n");
                assertThat(forge.calls).isEmpty();
            }
        }
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 429, 500, 503})
    void aWrongAnswerIsReportedOnceWithoutTheToken(int status) throws IOException {
        for (var kind : ForgeModel.Kind.values()) {
            try (var forge = new ForgeModel(kind)) {
                forge.status = status;
                forge.answer = "{\"message\":\"" + ForgeModel.TOKEN + "\"}";
                comment(forge, Map.of()).write(request("7"), "shop-x", "one\n");
                assertThat(forge.calls).hasSize(1);
            }
        }
        assertThat(warnings)
                .hasSize(3)
                .allMatch(warning -> warning.startsWith("No comment on the request: it answers " + status))
                .noneMatch(warning -> warning.contains(ForgeModel.TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>sign in</html>", "{\"message\":\"no list\"}", "[1"})
    void anAnswerThatIsNoListIsReported(String answer) throws IOException {
        try (var forge = new ForgeModel(ForgeModel.Kind.GITHUB)) {
            forge.status = 200;
            forge.answer = answer;
            comment(forge, Map.of()).write(request("7"), "shop-x", "one\n");
        }
        assertThat(warnings).containsExactly("No comment on the request: the answer is not a JSON list");
    }

    @Test
    void aSlowForgeIsNotWaitedFor() throws IOException {
        try (var forge = new ForgeModel(ForgeModel.Kind.GITLAB)) {
            forge.silent = true;
            RequestComment.of(forge.variables(), Duration.ofMillis(300), warnings::add)
                    .orElseThrow()
                    .write(request("7"), "shop-x", "one\n");
        }
        assertThat(warnings).containsExactly("No comment on the request: no answer in time");
    }

    @Test
    void aForgeThatCannotBeReachedIsAWarning() throws IOException {
        var forge = new ForgeModel(ForgeModel.Kind.GITLAB);
        forge.close();
        comment(forge, Map.of()).write(request("7"), "shop-x", "one\n");
        assertThat(warnings).containsExactly("No comment on the request: cannot be reached: ConnectException");
    }

    @Test
    void aTokenThatNoHeaderCarriesIsNotShown() throws IOException {
        try (var forge = new ForgeModel(ForgeModel.Kind.GITLAB)) {
            comment(forge, Map.of("COMPOSE_GITLAB_TOKEN", "secret\npart")).write(request("7"), "shop-x", "one\n");
            comment(forge, Map.of("CI_API_V4_URL", "secret part")).write(request("7"), "shop-x", "one\n");
        }
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("COMPOSE_GITLAB_TOKEN"));
        assertThat(warnings).noneMatch(warning -> warning.contains("secret"));
    }

    @Test
    void withoutATokenOrAPipelineThereIsNothingToDo() {
        for (var variables : List.of(
                Map.<String, String>of(),
                Map.of("COMPOSE_GITLAB_TOKEN", " ", "CI_API_V4_URL", "http://x.test", "CI_PROJECT_ID", "42"),
                Map.of("COMPOSE_GITLAB_TOKEN", "x"),
                Map.of("COMPOSE_GITHUB_TOKEN", "x", "GITHUB_REPOSITORY", "acme/shop"))) {
            assertThat(RequestComment.of(variables, warnings::add)).isEmpty();
        }
        assertThat(warnings).isEmpty();
        assertThat(Forge.of(Map.of(
                                "COMPOSE_GITLAB_TOKEN",
                                "x1y2",
                                "CI_API_V4_URL",
                                "http://x.test",
                                "CI_PROJECT_ID",
                                "42"))
                        .toString())
                .doesNotContain("x1y2");
    }
}
