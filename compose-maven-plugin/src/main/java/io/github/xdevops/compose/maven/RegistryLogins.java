package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.RegistryLogin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.maven.settings.Server;
import org.jspecify.annotations.Nullable;

/** The logins for a stack's images: for the configured registry, and for GitLab's own if an image comes from it. */
final class RegistryLogins {
    private final Map<String, String> variables;
    private final Function<String, @Nullable Server> servers;

    RegistryLogins(Map<String, String> variables, Function<String, @Nullable Server> servers) {
        this.variables = variables;
        this.servers = servers;
    }

    List<RegistryLogin> of(@Nullable String parameter, Stack stack) {
        var logins = new ArrayList<RegistryLogin>();
        var named = parameter != null ? parameter : variable("COMPOSE_REGISTRY");
        if (named != null) {
            logins.add(named(named));
        }
        // A password that nothing needs stays at home.
        var gitlab = variable("CI_REGISTRY");
        if (gitlab != null && !gitlab.equals(named) && stack.text().contains("image: \"" + gitlab + "/")) {
            var login = gitlab(gitlab);
            if (login != null) {
                logins.add(login);
            }
        }
        return logins;
    }

    private RegistryLogin named(String registry) {
        var login = login(registry, "COMPOSE_REGISTRY_USER", "COMPOSE_REGISTRY_PASSWORD");
        if (login == null) {
            var server = servers.apply(registry);
            if (server != null && server.getUsername() != null && server.getPassword() != null) {
                login = new RegistryLogin(registry, server.getUsername(), server.getPassword());
            }
        }
        if (login == null && registry.equals(variable("CI_REGISTRY"))) {
            login = gitlab(registry);
        }
        if (login == null) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "No user for the registry " + registry
                            + " (compose.registry). Set the variables COMPOSE_REGISTRY_USER and"
                            + " COMPOSE_REGISTRY_PASSWORD, or add a <server> with the id `"
                            + registry + "` to settings.xml");
        }
        return login;
    }

    /** The login for GitLab's registry. A deploy token is preferred: it outlives the job and is read-only. */
    private @Nullable RegistryLogin gitlab(String registry) {
        var login = login(registry, "CI_DEPLOY_USER", "CI_DEPLOY_PASSWORD");
        return login != null ? login : login(registry, "CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD");
    }

    private @Nullable RegistryLogin login(String registry, String user, String password) {
        var who = variable(user);
        var secret = variable(password);
        return who == null || secret == null ? null : new RegistryLogin(registry, who, secret);
    }

    private @Nullable String variable(String name) {
        var value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
