package io.github.xdevops.compose.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is built on this machine, and what a branch may not build. */
class LocalBuildTest {
    @TempDir
    Path temporary;

    private Path directory = Path.of("none");

    @BeforeEach
    void dockerfile() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("checkout"));
        Files.writeString(directory.resolve("Dockerfile"), "FROM scratch\n");
    }

    @Test
    void servicesWhoseImageNoRegistryHasAreBuilt() throws IOException {
        var file = """
                services:
                  web: {build: ., expose: ["80"]}
                  plain: {build: ., image: "shop:1"}
                  hub: {build: ., image: "acme/shop:1"}
                  registry: {build: ., image: "registry.example.com/shop:1"}
                  db: {image: postgres}
                  off: {build: ., profiles: [extra]}
                """;
        var build = builder(file).builds(Builds.LOCAL).localBuild();
        assertThat(build.images()).isEqualTo(Map.of("web", "feature-x-web", "plain", "shop:1"));
        assertThat(build.arguments())
                .isEqualTo(List.of(
                        "compose",
                        "--project-name",
                        "feature-x",
                        "--file",
                        directory.resolve("compose.yaml").toString(),
                        "build",
                        "web",
                        "plain"));
        assertThat(builder(file).builds(Builds.UNNAMED).localBuild().images()).containsOnlyKeys("web");
        var none = builder(file).localBuild();
        assertThat(none.images()).isEmpty();
        assertThat(none.arguments()).isEmpty();
        assertThat(builder(file)
                        .builds(Builds.LOCAL)
                        .override("web.image", "web:7")
                        .localBuild()
                        .images())
                .as("named by hand")
                .containsOnlyKeys("plain");
    }

    @Test
    void theFinalFileNamesTheImageAndBuildsNothing() throws IOException {
        var file = "services: {web: {build: ., expose: ['80']}}\n";
        assertThat(builder(file).builds(Builds.LOCAL).render().text())
                .contains("image: \"feature-x-web\"")
                .doesNotContain("build");
        assertThatThrownBy(() -> builder(file).render()).hasMessageContaining("compose.images=pull");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{context: ..} | services.web.build.context: ",
                "{context: /etc} | services.web.build.context: /etc lies outside",
                "{context: ., dockerfile: ../Dockerfile} | services.web.build.dockerfile: ",
                "{context: ., additional_contexts: {home: /root}} | services.web.build.additional_contexts.home: ",
                "{context: .git} | services.web.build.context: ",
                "{context: ., privileged: true} | services.web.build.privileged: reaches for the machine",
                "{context: ., entitlements: [network.host]} | services.web.build.entitlements: ",
                "{context: ., ssh: [default]} | services.web.build.ssh: ",
                "{context: ., secrets: [key]} | services.web.build.secrets: ",
                "{context: ., network: host} | services.web.build.network: ",
            })
    void aBranchBuildsNothingOfTheMachineAroundItsCheckout(String build, String message) throws IOException {
        Files.createDirectory(directory.resolve(".git"));
        Files.writeString(temporary.resolve("Dockerfile"), "FROM scratch\n");
        var file = "services: {web: {build: " + build + ", expose: ['80']}}\nsecrets: {key: {file: /etc/passwd}}\n";
        assertThatThrownBy(() -> builder(file).builds(Builds.LOCAL).localBuild())
                .isInstanceOf(ComposeException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("compose.services.SERVICE.image");
        assertThat(builder(file)
                        .builds(Builds.LOCAL)
                        .lifetime(Lifetime.parse("forever"))
                        .localBuild()
                        .images())
                .as("of those whom the server's owner trusts")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.com/acme/shop.git#main",
                "git@git.example.com:acme/shop.git",
                "{dockerfile_inline: FROM scratch}",
                "{context: ., additional_contexts: {base: 'docker-image://alpine'}}"
            })
    void aContextMayBeElsewhereOnTheNet(String build) throws IOException {
        var text = build.startsWith("{") ? build : "'" + build + "'";
        assertThat(builder("services: {web: {build: " + text + ", expose: ['80']}}\n")
                        .builds(Builds.LOCAL)
                        .localBuild()
                        .images())
                .containsOnlyKeys("web");
    }

    private StackBuilder builder(String compose) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), compose);
        return Stack.in(directory)
                .environment(Environment.of("acme/shop", "feature/x"))
                .project("feature-x")
                .domain("ci.example.com");
    }
}
