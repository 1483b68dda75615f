package io.github.xdevops.compose.maven.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.maven.CiMojo;
import io.github.xdevops.compose.template.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTextTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void parametersReachTheDeploysAndThoseOfTheConnectionEveryGoal(PipelineKind kind) {
        var text = text(
                "ci.example.com",
                "7d",
                Map.of("jump", "bastion.example.com"),
                Map.of("overlays", "maildev, noindex", "services.web.image", "shop:$CI_COMMIT_SHA"),
                kind);
        var goals = text.split("[$]COMPOSE_PLUGIN:", -1).length - 1;
        assertThat(text.split("-Dcompose.jump=bastion.example.com", -1)).hasSize(goals + 1);
        assertThat(text)
                .contains(
                        "\"-Dcompose.overlays=maildev, noindex\"",
                        "\"-Dcompose.services.web.image=shop:$CI_COMMIT_SHA\"");
    }

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void aValueThatCouldEndWhatItStandsInIsRefused(PipelineKind kind) {
        for (var value :
                List.of("a\nscript: x", "a\"b", "a'b", "a`id`", "$(id)", "${{ x }}", "a\\", "$", "a\u2028\u0000")) {
            assertThatThrownBy(() -> text("ci.example.com", "7d", Map.of(), Map.of("readyTimeout", value), kind))
                    .as(value)
                    .isInstanceOf(ComposeException.class)
                    .hasMessageContainingAll("compose.readyTimeout", "<configuration>");
            assertThatThrownBy(() -> text("ci.example.com", "7d", Map.of(), Map.of("env." + value, "1"), kind))
                    .as(value)
                    .isInstanceOf(ComposeException.class);
        }
        assertThatThrownBy(() -> text("ci.example.com", "soon", Map.of(), Map.of(), kind))
                .hasMessageContaining("`soon`");
        assertThatThrownBy(() -> text("ci example", "7d", Map.of(), Map.of(), kind))
                .hasMessageContaining("`ci example`");
    }

    @Test
    void aSecretIsAVariableOfThePipeline() {
        assertThatThrownBy(() -> text(
                        "ci.example.com", "7d", Map.of(), Map.of("env.DB_PASSWORD", "hunter2"), PipelineKind.GITLAB))
                .hasMessageContainingAll("compose.env.DB_PASSWORD", "variable")
                .hasMessageNotContaining("hunter2");
        assertThat(text(
                        "ci.example.com",
                        "7d",
                        Map.of(),
                        Map.of("env.DB_PASSWORD", "$DB_PASSWORD"),
                        PipelineKind.GITLAB))
                .contains("\"-Dcompose.env.DB_PASSWORD=$DB_PASSWORD\"");
    }

    @ParameterizedTest
    @CsvSource({
        "7d, 7 days",
        "1d, 1 day",
        "P7D, 7 days",
        "604800, 7 days",
        "2w, 14 days",
        "12h, 12 hours",
        "90m, 90 minutes",
        "90s, 90 seconds"
    })
    void gitlabIsToldTheSameTime(String lifetime, String words) {
        assertThat(text("ci.example.com", lifetime, Map.of(), Map.of(), PipelineKind.GITLAB))
                .contains("auto_stop_in: " + words + "\n", "-Dcompose.lifetime=" + lifetime + "\n");
    }

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void reviewsThatNeverEndAreNotWritten(PipelineKind kind) {
        assertThatThrownBy(() -> text("ci.example.com", "forever", Map.of(), Map.of(), kind))
                .isInstanceOf(ComposeException.class)
                .hasMessageContainingAll("compose.lifetime=forever", "compose:pin");
    }

    @Test
    void parametersOfPersistentEnvironmentsAreForStagingAlone() {
        var said = Map.of("home", "/srv/shop", "certResolver", "le", "www", "add");
        var text = text("ci.example.com", "7d", Map.of(), said, PipelineKind.GITLAB);
        var staging = text.indexOf("\nstaging:\n");
        assertThat(text.substring(0, staging)).doesNotContain("compose.home", "compose.certResolver", "compose.www");
        assertThat(text.substring(staging))
                .contains("-Dcompose.www=add", "-Dcompose.home=/srv/shop", "-Dcompose.certResolver=le");
    }

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void productionAndWhatIsAskedForRunTheImagesOfStaging(PipelineKind kind) {
        var said = Map.of(
                "home",
                "/home/staging",
                "overlays",
                "noindex,team,maildev",
                "services.web.image",
                "shop:$TAG",
                "www",
                "add");
        var text = new PipelineText(
                        "g:a:1",
                        "deploy@ci.example.com",
                        "https://example.com",
                        "7d",
                        "acme/shop",
                        Map.of(),
                        said,
                        List.of(),
                        List.of(),
                        List.of("demo", "training"),
                        false)
                .render(kind, new Templates(List.of()));
        var deploys =
                text.substring(text.indexOf("Persistent environments restart")).split(":deploy\"");
        assertThat(deploys).hasSize(5);
        assertThat(deploys[1])
                .contains("-Dcompose.home=/home/staging", "-Dcompose.overlays=noindex,team,maildev", "shop:$TAG")
                .doesNotContain("compose.promote", "compose.www");
        assertThat(deploys[2])
                .contains("-Dcompose.promote=staging", "-Dcompose.home=/home/production", "-Dcompose.overlays=team")
                .contains("-Dcompose.www=add")
                .doesNotContain("shop:$TAG");
        for (int i = 3; i < 5; i++) {
            assertThat(deploys[i])
                    .contains("-Dcompose.promote=staging", "-Dcompose.overlays=noindex,team,maildev")
                    .doesNotContain("shop:$TAG", "compose.www");
        }
        assertThat(deploys[4]).contains("-Dcompose.home=/home/training");
        for (var name : List.of("staging", "production", "demo", "training")) {
            assertThat(text).contains("https://" + name + ".$REVIEW_DOMAIN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "review", "Demo", "a b", "demo-", "-x", "x.y", "'", ""})
    void anEnvironmentHasANameThatAJobAndAHostCanHave(String name) {
        assertThatThrownBy(() -> new PipelineText(
                                "g:a:1",
                                "deploy@ci.example.com",
                                "example.com",
                                "7d",
                                null,
                                Map.of(),
                                Map.of(),
                                List.of(),
                                List.of(),
                                List.of(name),
                                false)
                        .render(PipelineKind.GITLAB, new Templates(List.of())))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("compose.environments: `" + name + "`");
    }

    @Test
    void aForkOnGithubDoesNotWaitForTheBranchOfTheSameNameNorReplaceIt() {
        assertThat(text("ci.example.com", "7d", Map.of(), Map.of(), PipelineKind.GITHUB))
                .contains(
                        "group: review-${{ github.event.pull_request.head.repo.full_name || github.repository }}-${{");
    }

    /** The deploy.log tells why services did not get ready. */
    @Test
    void logsOfServicesAreKeptWhenADeployFails() {
        assertThat(text("ci.example.com", "7d", Map.of(), Map.of(), PipelineKind.GITHUB))
                .containsSubsequence("if: ${{ !cancelled() }}", "actions/upload-artifact@v4", "path: target/compose/");
        assertThat(text("ci.example.com", "7d", Map.of(), Map.of(), PipelineKind.JENKINS))
                .containsSubsequence("always {", "archiveArtifacts artifacts: 'target/compose/*'");
    }

    @Test
    void aUrlOnGitlabIsOneLabelWhereACertificateIsNeededOrThePathIsNoHostName() {
        assertThat(text("https://ci.example.com", "7d", Map.of(), Map.of(), PipelineKind.GITLAB))
                .contains(
                        "url: https://$CI_ENVIRONMENT_SLUG-$CI_PROJECT_ID.$REVIEW_DOMAIN\n",
                        "REVIEW_DOMAIN: \"ci.example.com\"");
        assertThat(of("acme/My_Shop").render(PipelineKind.GITLAB, new Templates(List.of())))
                .contains("url: http://$CI_ENVIRONMENT_SLUG-$CI_PROJECT_ID.$REVIEW_DOMAIN\n");
        assertThat(of("acme/shop").render(PipelineKind.GITLAB, new Templates(List.of())))
                .contains("url: http://$CI_ENVIRONMENT_SLUG.$CI_PROJECT_NAME.$REVIEW_DOMAIN\n");
    }

    @Test
    void whatIsAboutOneEnvironmentOrIsSecretStaysOut() {
        var said = Map.of(
                "compose.branch", "x",
                "compose.host", "h",
                "compose.jump", "j",
                "compose.basicAuth", "me:secret",
                "compose.webhook", "https://hooks.test/secret",
                "compose.files", "a.yaml,b.yaml",
                "maven.repo.local", "/x");
        assertThat(PipelineText.options(said, Set.of("jump"))).isEqualTo(Map.of("files", "a.yaml,b.yaml"));
    }

    @Test
    void eachSecretThatParametersNeedIsPassedOn() {
        var said = Map.of(
                "compose.overlays", "noindex, basicauth",
                "compose.registry", "registry.test",
                "compose.webhook", "https://hooks.test/x",
                "compose.env.DB_PASSWORD", "${DB_PASSWORD}",
                "compose.env.COLOUR", "$COLOUR");
        var secrets = List.of(
                "COMPOSE_BASIC_AUTH",
                "COMPOSE_REGISTRY_PASSWORD",
                "COMPOSE_REGISTRY_USER",
                "COMPOSE_WEBHOOK",
                "DB_PASSWORD");
        assertThat(PipelineText.secrets(said)).containsExactlyElementsOf(secrets);
        var github = with(secrets, List.of(), false).render(PipelineKind.GITHUB, new Templates(List.of()));
        var jenkins = with(secrets, List.of(), false).render(PipelineKind.JENKINS, new Templates(List.of()));
        var gitlab = with(secrets, List.of(), false).render(PipelineKind.GITLAB, new Templates(List.of()));
        for (var secret : secrets) {
            assertThat(github).contains("          " + secret + ": ${{ secrets." + secret + " }}\n");
            assertThat(jenkins)
                    .contains("string(credentialsId: '"
                            + secret.toLowerCase(Locale.ROOT).replace('_', '-') + "', variable: '" + secret + "'),\n");
            // A variable of the project is one of each job.
            assertThat(gitlab).contains("#   " + secret + "  masked\n");
        }
    }

    @Test
    void imagesWithABuildAreBuiltFirst() throws IOException {
        Files.writeString(
                directory.resolve("docker-compose.yml"),
                "services: {web: {build: .}, job: {build: ./job, image: 'acme/job:${TAG}'}, db: {image: postgres}}\n");
        var builds = ImageBuild.of(directory, List.of());
        assertThat(builds).extracting(ImageBuild::service).containsExactly("web", "job");
        var github = with(List.of(), builds, false).render(PipelineKind.GITHUB, new Templates(List.of()));
        assertThat(github)
                .containsSubsequence(
                        "{services: {web: {image: 'review-web'}}}\" >.review.yaml\n",
                        "docker compose -f docker-compose.yml -f .review.yaml build web\n",
                        "docker compose -f docker-compose.yml -f .review.yaml build job\n",
                        ":deploy",
                        "-Dcompose.images=transfer",
                        "-Dcompose.services.job.image=review-job -Dcompose.services.web.image=review-web");
        assertThat(with(List.of(), builds, false).render(PipelineKind.JENKINS, new Templates(List.of())))
                .containsSubsequence("-f .review.yaml build job\n", ":deploy", "-Dcompose.images=transfer");
        assertThat(with(List.of(), builds, false).render(PipelineKind.GITLAB, new Templates(List.of())))
                .contains("stages: [review-build, review, staging, production]\n")
                .containsSubsequence(
                        "services: {web: {image: '$CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA'}}",
                        "-f .review.yaml build --push web\n",
                        "review-deploy:",
                        "\"-Dcompose.services.web.image=$CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA\"\n",
                        "staging:",
                        "\"-Dcompose.services.web.image=$CI_REGISTRY_IMAGE/web:$CI_COMMIT_SHA\"\n")
                .doesNotContain("images=transfer");
    }

    @Test
    void aDockerfileIsOfTheOnlyServiceOrOfTheOneWhoseImageIsNamedByAVariable() throws IOException {
        var compose = directory.resolve("compose.yaml");
        Files.writeString(compose, "services: {web: {image: shop}}\n");
        assertThat(ImageBuild.of(directory, List.of())).isEmpty();
        Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\n");
        assertThat(ImageBuild.of(directory, List.of())).containsExactly(new ImageBuild("web", List.of()));
        Files.writeString(compose, "services: {web: {image: '${IMAGE}:1'}, db: {image: postgres}}\n");
        var builds = ImageBuild.of(directory, List.of());
        assertThat(with(List.of(), builds, false).render(PipelineKind.GITHUB, new Templates(List.of())))
                .contains("          docker build -t \"review-web\" .\n");
        Files.writeString(compose, "services: {web: {image: nginx}, db: {image: postgres}}\n");
        assertThat(ImageBuild.of(directory, List.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PipelineKind.class)
    void whatIsAddedToAPipelineChangesNothingOfIt(PipelineKind kind) {
        var text = with(List.of(), List.of(), true).render(kind, new Templates(List.of()));
        if (kind == PipelineKind.GITLAB) {
            assertThat(text)
                    .contains("local: .gitlab/review.yml", "review-deploy:\n  extends: .compose\n", "\n.compose:\n")
                    .doesNotContain("\nstages:", "\ndefault:");
        }
        assertThat(text).contains(":deploy");
        assertThat(kind.addition().getKey()).isNotEqualTo(kind.file());
    }

    private static PipelineText with(List<String> secrets, List<ImageBuild> builds, boolean addition) {
        return new PipelineText(
                "g:a:1",
                "deploy@ci.example.com",
                "ci.example.com",
                "7d",
                "acme/shop",
                Map.of(),
                Map.of(),
                secrets,
                builds,
                List.of(),
                addition);
    }

    @Test
    void aProjectMayBringItsOwnTemplate() throws IOException {
        Files.createDirectory(directory.resolve("pipelines"));
        Files.writeString(directory.resolve("pipelines/gitlab.ftl"), "host: [=host]\n");
        var own = new Templates(List.of(directory));
        assertThat(of("acme/shop").render(PipelineKind.GITLAB, own)).isEqualTo("host: \"deploy@ci.example.com\"\n");
        Files.writeString(directory.resolve("pipelines/jenkins.ftl"), "[=nothing]\n");
        assertThatThrownBy(() -> of("acme/shop").render(PipelineKind.JENKINS, own))
                .isInstanceOf(ComposeException.class)
                .hasMessageStartingWith("pipelines/jenkins.ftl:1: ");
    }

    @ParameterizedTest
    @CsvSource({".gitlab-ci.yml, GITLAB", ".github/workflows/build.yml, GITHUB", "Jenkinsfile, JENKINS"})
    void thePipelineIsTheOneThatTheProjectUsesWhereverItIsHosted(String file, PipelineKind kind) throws IOException {
        Files.createDirectories(directory.resolve(file));
        for (var host : new @Nullable String[] {null, "github.com", "gitlab.com"}) {
            assertThat(PipelineKind.of(directory, host)).isEqualTo(kind);
        }
    }

    @Test
    void elseTheRemotesHostTells() {
        assertThat(PipelineKind.of(directory, "github.com")).isEqualTo(PipelineKind.GITHUB);
        assertThat(PipelineKind.of(directory, "gitlab.example.com")).isEqualTo(PipelineKind.GITLAB);
    }

    @Test
    void aSystemThatCannotBeDetectedIsAskedFor() throws IOException {
        assertThatThrownBy(() -> PipelineKind.of(directory, "git.example.com"))
                .isInstanceOf(ComposeException.class)
                .hasMessage(
                        "For which pipeline? No pipeline was found here; set -Dcompose.ci=gitlab, github or jenkins");
        Files.createFile(directory.resolve("Jenkinsfile"));
        Files.createFile(directory.resolve(".gitlab-ci.yml"));
        assertThatThrownBy(() -> PipelineKind.of(directory, null))
                .hasMessageContaining(".gitlab-ci.yml and Jenkinsfile are both here");
    }

    @ParameterizedTest
    @ValueSource(strings = {".gitlab-ci.yml", ".github/workflows/review.yml"})
    void aFileThatExistsIsLeftAlone(String name) throws IOException {
        var file = directory.resolve(name);
        CiMojo.write(file, "first");
        assertThatThrownBy(() -> CiMojo.write(file, "second"))
                .isInstanceOf(ComposeException.class)
                .hasMessageContainingAll(name, "left alone", "-Dcompose.output=-");
        assertThat(file).hasContent("first");
    }

    private static String text(
            String domain,
            String lifetime,
            Map<String, String> connection,
            Map<String, String> options,
            PipelineKind kind) {
        return new PipelineText(
                        "g:a:1",
                        "deploy@ci.example.com",
                        domain,
                        lifetime,
                        "acme/shop",
                        connection,
                        options,
                        List.of(),
                        List.of(),
                        List.of(),
                        false)
                .render(kind, new Templates(List.of()));
    }

    private static PipelineText of(String repository) {
        return new PipelineText(
                "g:a:1",
                "deploy@ci.example.com",
                "ci.example.com",
                "7d",
                repository,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                false);
    }
}
