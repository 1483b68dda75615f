package io.github.xdevops.compose.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.RegistryLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.maven.settings.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the user and the password of a registry come from. */
class RegistryLoginsTest {
    private static final Map<String, String> GITLAB =
            Map.of("CI_REGISTRY", "gitlab.test:5050", "CI_REGISTRY_USER", "job", "CI_REGISTRY_PASSWORD", "of-the-job");

    @TempDir
    Path directory;

    private final List<String> asked = new ArrayList<>();
    private Stack stack = stackOf("nginx");

    @BeforeEach
    void makeStack() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"),
                "services: {web: {image: gitlab.test:5050/acme/shop:1, expose: [80]}}\n");
        stack = Stack.in(directory)
                .environment(Environment.of("acme/shop", "x"))
                .domain("ci.example.com")
                .render();
    }

    @Test
    void withoutARegistryNothingIsLookedFor() {
        assertThat(logins(Map.of(), null)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void gitlabsOwnRegistryNeedsNoWordWhereAnImageComesFromThere() {
        assertThat(logins(GITLAB, null)).containsExactly(new RegistryLogin("gitlab.test:5050", "job", "of-the-job"));
        stack = stackOf("nginx");
        assertThat(logins(GITLAB, null)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void aDeployTokenIsTakenRatherThanTheJobs() {
        var variables = new HashMap<>(GITLAB);
        variables.putAll(Map.of("CI_DEPLOY_USER", "token", "CI_DEPLOY_PASSWORD", "of-the-token"));
        assertThat(logins(variables, "gitlab.test:5050"))
                .containsExactly(new RegistryLogin("gitlab.test:5050", "token", "of-the-token"));
    }

    @Test
    void variablesGoBeforeSettingsAndOnlyTheServerOfThatNameIsDecrypted() {
        var variables = Map.of("COMPOSE_REGISTRY_USER", "ann", "COMPOSE_REGISTRY_PASSWORD", "given");
        assertThat(logins(variables, "own.test")).containsExactly(new RegistryLogin("own.test", "ann", "given"));
        assertThat(asked).isEmpty();
        assertThat(logins(Map.of("COMPOSE_REGISTRY", "own.test"), null))
                .containsExactly(new RegistryLogin("own.test", "bob", "from-settings"));
        assertThat(asked).containsExactly("own.test");
    }

    @Test
    void aRegistryOfWhichNobodyIsKnownSaysWhereToPutIt() {
        assertThatThrownBy(() -> logins(GITLAB, "other.test"))
                .hasMessageContainingAll("other.test", "COMPOSE_REGISTRY_PASSWORD", "settings.xml");
    }

    private List<RegistryLogin> logins(Map<String, String> variables, @Nullable String named) {
        return new RegistryLogins(variables, this::server).of(named, stack);
    }

    private @Nullable Server server(String id) {
        asked.add(id);
        if (!id.equals("own.test")) {
            return null;
        }
        var server = new Server();
        server.setUsername("bob");
        server.setPassword("from-settings");
        return server;
    }

    private static Stack stackOf(String image) {
        return new Stack(
                "x",
                Environment.of("acme/shop", "x"),
                Lifetime.parse("7d"),
                null,
                List.of(),
                1,
                null,
                "services:\n  web:\n    image: \"" + image + "\"\n",
                List.of(),
                List.of(),
                Set.of());
    }
}
