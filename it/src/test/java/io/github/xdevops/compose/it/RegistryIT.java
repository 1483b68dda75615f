package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images behind a password, in a real registry. */
class RegistryIT {
    private static final String PASSWORD = "canary+/\"pass word";
    private static final String PROJECT = "registry-it";

    @TempDir
    Path directory;

    @TempDir
    Path registryDirectory;

    private TestServer server;
    private Maven maven;
    private PrivateRegistry registry;
    private String image;

    @BeforeEach
    void pushAnImage() throws IOException {
        server = TestServer.required();
        maven = new Maven(directory, server);
        registry = PrivateRegistry.start(registryDirectory, "ann", PASSWORD);
        image = registry.push(server, "compose-it/httpd:1", "acme/httpd:1");
        Files.writeString(
                directory.resolve("compose.yaml"), "services: {web: {image: '" + image + "', ports: ['80']}}\n");
    }

    @AfterEach
    void takeDown() {
        if (registry != null) {
            server.remove(PROJECT, Stacks.STATE_DIRECTORY);
            if (server.docker("images", "-q", image).isBlank()) {
                registry.close();
                return;
            }
            server.docker("rmi", image);
            registry.close();
        }
    }

    @Test
    void thePasswordComesFromThePipelineAndIsGoneAfterTheDeploy() {
        assertThat(deploy(Map.of()).error()).contains("could not be pulled");
        forget();
        var named = Map.of(
                "COMPOSE_REGISTRY",
                registry.name(),
                "COMPOSE_REGISTRY_USER",
                "ann",
                "COMPOSE_REGISTRY_PASSWORD",
                PASSWORD);
        assertThat(deploy(named).out())
                .contains("Images are pulled as ann at " + registry.name(), "web Pulled", "http://" + PROJECT)
                .doesNotContain("Pulling fs layer", "Pull complete");
        assertNothingIsLeft();
        // The next one has to say who it is again.
        forget();
        assertThat(deploy(Map.of()).error()).contains("could not be pulled");
        forget();
        var gitlab =
                Map.of("CI_REGISTRY", registry.name(), "CI_REGISTRY_USER", "ann", "CI_REGISTRY_PASSWORD", PASSWORD);
        assertThat(deploy(gitlab).out()).contains("Images are pulled as ann", "http://" + PROJECT);
        assertNothingIsLeft();
    }

    @Test
    void thePasswordMayComeFromSettingsXml() throws IOException {
        var settings = Files.writeString(directory.resolve("settings.xml"), """
                <settings><servers><server><id>%s</id><username>ann</username><password>canary+/&quot;pass word</password></server></servers></settings>
                """.formatted(registry.name()));
        var deploy = deploy(Map.of(), "-s", settings.toString(), "-Dcompose.registry=" + registry.name());
        assertThat(deploy.out()).contains("Images are pulled as ann", "http://" + PROJECT);
        assertNothingIsLeft();
    }

    @Test
    void aWrongPasswordIsToldWithoutItAndLeavesNothing() {
        var wrong = Map.of("COMPOSE_REGISTRY_USER", "ann", "COMPOSE_REGISTRY_PASSWORD", "canary-wrong");
        var deploy = deploy(wrong, "-Dcompose.registry=" + registry.name());
        assertThat(deploy.error()).contains("NOPERM", "the registry " + registry.name() + " does not let ann in");
        assertThat(deploy.out()).doesNotContain("canary");
        assertThat(server.remains(PROJECT)).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void aRegistryWithoutAPasswordSaysWhereToPutIt() {
        assertThat(deploy(Map.of(), "-Dcompose.registry=" + registry.name()).error())
                .contains("USAGE: No user for the registry", "COMPOSE_REGISTRY_PASSWORD", "settings.xml");
    }

    private void assertNothingIsLeft() {
        // Other tests deploy to this server at the same time: only this project's files count.
        var uploads = Stacks.STATE_DIRECTORY + "/.staging/" + PROJECT + ".*";
        assertThat(server.login("grep -rls canary .docker " + Stacks.STATE_DIRECTORY + "/" + PROJECT + " " + uploads
                        + "; ls -d " + uploads + "/docker; echo end"))
                .isEqualTo("end");
        assertThat(server.login("cat .docker/config.json || echo none")).doesNotContain(registry.name());
    }

    private void forget() {
        server.remove(PROJECT, Stacks.STATE_DIRECTORY);
        if (!server.docker("images", "-q", image).isBlank()) {
            server.docker("rmi", image);
        }
    }

    private Maven.Outcome deploy(Map<String, String> variables, String... options) {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "-Dcompose.host=" + server.address(),
                "-Dcompose.domain=" + server.domain(),
                "-Dcompose.branch=main",
                "-Dcompose.project=" + PROJECT));
        var known = new HashMap<>(variables);
        known.put("COMPOSE_SSH_KEY", server.key());
        known.put("COMPOSE_KNOWN_HOSTS", server.knownHosts());
        return maven.run("deploy", all, known);
    }
}
