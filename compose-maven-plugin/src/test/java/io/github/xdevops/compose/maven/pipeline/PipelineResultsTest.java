package io.github.xdevops.compose.maven.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.maven.console.LoggedProgress;
import io.github.xdevops.compose.maven.console.RecordingProgress;
import io.github.xdevops.compose.maven.report.DeployReport;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Deployed;
import io.github.xdevops.compose.server.RegistryLogin;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline finds after a deploy. */
class PipelineResultsTest {
    private static final Deployed DEPLOYED = new Deployed(
            "shop-x",
            List.of("http://shop-x.ci.test", "http://b.ci.test"),
            Instant.parse("2030-01-01T00:00:00Z"),
            3,
            true,
            Map.of(),
            List.of());
    private static final String VARIABLES = """
            COMPOSE_PROJECT=shop-x
            COMPOSE_URL=http://shop-x.ci.test
            COMPOSE_EXPIRES=2030-01-01T00:00:00Z
            COMPOSE_GENERATION=3
            COMPOSE_CHANGED=true
            """;

    @TempDir
    Path directory;

    private final List<String> printed = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Test
    void whatAnEarlierDeployLeftIsNotTakenForThatOfOneThatFailed() throws IOException {
        var out = Files.createDirectory(directory.resolve("out"));
        for (var name : List.of("deployment.json", "deployment.env", "deploy.log", "compose.yaml")) {
            Files.writeString(out.resolve(name), "of the build before\n");
        }
        results(Map.of()).forget();
        assertThat(out).isDirectoryContaining("glob:**/compose.yaml");
        try (var left = Files.list(out)) {
            assertThat(left).hasSize(1);
        }
        assertThat(warnings).isEmpty();
    }

    @BeforeEach
    void writeComposeFile() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: nginx, expose: [80]}}\n");
    }

    private DeployReport report(String branch) {
        var revision = new Revision(branch, "abc123", "Ann", "Fix the `cart` <b>", "https://ci.test/job/7", 0, null);
        var stack = Stack.in(directory)
                .environment(new Environment("acme/shop", branch, revision))
                .domain("ci.test")
                .project("shop-x")
                .render();
        return new DeployReport(stack, DEPLOYED, Map.of("up", Duration.ofMillis(7)), "local");
    }

    private PipelineResults results(Map<String, String> environment) {
        return new PipelineResults(directory, directory.resolve("out"), environment, printed::add, warnings::add);
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    @Test
    void nothingIsWrittenOrRemovedThroughALinkOfTheCheckout() throws IOException {
        var elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("deploy.log"), "theirs");
        Files.createSymbolicLink(directory.resolve("out"), elsewhere);
        var results = results(Map.of("GITLAB_CI", "true"));
        results.forget();
        results.publish(report("feature/x"));
        assertThatThrownBy(results::log).hasMessageContaining("is a link");
        assertThat(elsewhere).isDirectoryNotContaining("glob:**/deployment.*");
        assertThat(elsewhere.resolve("deploy.log")).hasContent("theirs");
        assertThat(warnings).isNotEmpty().allMatch(warning -> warning.contains("is a link"));
    }

    @Test
    void everywhereThereAreThreeFiles() throws IOException {
        results(Map.of()).publish(report("feature/x"));
        assertThat(read("out/deployment.env")).isEqualTo(VARIABLES);
        assertThat(Json.parse(read("out/deployment.json")))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("url", "http://shop-x.ci.test")
                .containsEntry("commit", "abc123");
        assertThat(read("out/deployment.md"))
                .startsWith("### `feature/x`\n")
                .contains("<http://b.ci.test>", "`abc123`");
        assertThat(directory.resolve("out/annotations.json")).doesNotExist();
        assertThat(printed).isEmpty();
        assertThat(warnings).isEmpty();
    }

    /** Anybody may write a commit's message. */
    @Test
    void reportsNameAuthorCommitAndJob() {
        var report = report("feature/x");
        assertThat(report.markdown()).contains("- `Fix the ?cart? <b>` by `Ann`\n", "- job <https://ci.test/job/7>\n");
        assertThat(report.sentence())
                .startsWith("feature/x of acme/shop is deployed: http://shop-x.ci.test (")
                .endsWith("\nabc123 Fix the `cart` <b> by Ann https://ci.test/job/7");
        assertThat(report.json()).containsEntry("author", "Ann").containsEntry("message", "Fix the `cart` <b>");
        var environment = new Environment(
                "acme/shop",
                "feature/x",
                new Revision("feature/x", "0123456789abcdef", "Ann", "Fix it", null, 0, null));
        assertThat(DeployReport.failure(environment, new IllegalStateException("no\nroom")))
                .isEqualTo("The deploy of feature/x of acme/shop failed: no\n0123456789ab Fix it by Ann");
        assertThat(DeployReport.goodbye(environment, "shop-x"))
                .isEqualTo("feature/x of acme/shop is gone (shop-x)\n0123456789ab Fix it by Ann");
    }

    @Test
    void gitlabReadsLinksAndADotenvReportOfItsForm() throws IOException {
        results(Map.of("GITLAB_CI", "true")).publish(report("feature/x"));
        assertThat(Json.parse(read("out/annotations.json")))
                .isEqualTo(Map.of(
                        "Environment feature/x",
                        DEPLOYED.urls().stream()
                                .map(url -> Map.of("external_link", Map.of("label", url, "url", url)))
                                .toList()));
        assertThat(read("out/deployment.env").lines())
                .allMatch(line -> line.matches("[A-Za-z0-9_]+=[^\\s'\"#]+"))
                .hasSizeLessThan(20);
        assertThat(Files.size(directory.resolve("out/deployment.env"))).isLessThan(5 * 1024);
    }

    @Test
    void githubGetsOutputsASummaryAndAFold() throws IOException {
        Files.writeString(directory.resolve("output"), "before=1\n");
        var results = results(Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_OUTPUT", directory.resolve("output").toString(),
                "GITHUB_STEP_SUMMARY", directory.resolve("summary").toString()));
        assertThat(results.folded("deploy", () -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> results.folded("deploy", () -> {
                    throw new IllegalStateException("x");
                }))
                .hasMessage("x");
        results.publish(report("feature/x"));
        assertThat(printed).containsExactly("::group::deploy", "::endgroup::", "::group::deploy", "::endgroup::");
        assertThat(read("output"))
                .startsWith("before=1\nproject=shop-x\nurl=http://shop-x.ci.test\nexpires=2030-")
                .contains("changed=true\n");
        assertThat(read("summary")).isEqualTo(read("out/deployment.md"));
        assertThat(directory.resolve("out/annotations.json")).doesNotExist();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsReportedAndHarmsNothing() throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("GITHUB_ACTIONS", "true");
        environment.put("GITHUB_OUTPUT", directory.resolve("no/such/place").toString());
        results(environment).publish(report("feature/x"));
        assertThat(warnings).singleElement().asString().contains("is up", "GITHUB_OUTPUT");
        assertThat(read("out/deployment.env")).isEqualTo(VARIABLES);
    }

    /** As in a container that may not write into the checkout. */
    @Test
    void aTargetThatCannotBeWrittenIsReportedAndHarmsNothing() throws IOException {
        Files.writeString(directory.resolve("out"), "a file, where a directory is wanted");
        results(Map.of("GITLAB_CI", "true")).publish(report("feature/x"));
        assertThat(warnings).hasSize(4).allMatch(warning -> warning.contains("is up"));
        var kept = new RecordingProgress(
                new LoggedProgress(new SystemStreamLog()), () -> directory.resolve("out/deploy.log"), warnings::add);
        kept.close();
        assertThat(warnings).hasSize(5).last().asString().contains("Cannot write", "deploy.log");
    }

    @Test
    void onlyAPasswordThatThePipelineCannotKnowIsMasked() {
        var logins =
                List.of(new RegistryLogin("a.test", "me", "100%secret"), new RegistryLogin("b.test", "me", "known"));
        var hidden = new ArrayList<String>();
        results(Map.of()).mask(logins, hidden::add);
        assertThat(hidden).isEmpty();
        results(Map.of("GITHUB_ACTIONS", "true", "TOKEN", "known")).mask(logins, hidden::add);
        assertThat(hidden).containsExactly("::add-mask::100%25secret");
        assertThat(printed).isEmpty();
    }

    @Test
    void aBranchsNameIsNoMarkdown() {
        assertThat(report("a`<img src=x>`").markdown()).startsWith("### `a?<img src=x>?`\n");
    }
}
