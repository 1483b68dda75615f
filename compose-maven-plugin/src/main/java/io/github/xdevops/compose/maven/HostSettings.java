package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.ci.Pipelines;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.host.LocalHost;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/** The connection settings: from parameters, the pipeline's variables and settings.xml, in this order. */
final class HostSettings {
    private final Settings settings;
    private final SettingsDecrypter decrypter;
    private final Map<String, String> variables;
    private final Consumer<String> warnings;

    HostSettings(
            Settings settings, SettingsDecrypter decrypter, Map<String, String> variables, Consumer<String> warnings) {
        this.settings = settings;
        this.decrypter = decrypter;
        this.variables = variables;
        this.warnings = warnings;
    }

    Host open(
            String host,
            @Nullable String jump,
            @Nullable String privateKey,
            @Nullable String knownHosts,
            @Nullable String serverId) {
        if (host.equals("local")) {
            return new LocalHost();
        }
        var address = address(host);
        var access = SshAccess.builder()
                .jumps(jumps(jump))
                .privateKey(first(privateKey, variables.get("COMPOSE_SSH_KEY")))
                .passphrase(variables.get("COMPOSE_SSH_PASSPHRASE"))
                .password(variables.get("COMPOSE_SSH_PASSWORD"))
                .knownHosts(first(knownHosts, variables.get("COMPOSE_KNOWN_HOSTS")))
                // A runner writes its file as it likes; GitLab's can be read by all.
                .anyKeyMode(first(privateKey, null) == null
                        && Pipelines.detect(variables).isPresent())
                .warnings(warnings);
        var server = settings.getServer(serverId != null ? serverId : address.host());
        if (server == null && serverId != null) {
            throw new ComposeException(
                    Outcome.USAGE, "settings.xml has no <server> with the id `" + serverId + "` (compose.serverId)");
        }
        if (server == null) {
            return SshHost.connect(address, access.build());
        }
        var opened = decrypted(server);
        if (privateKey == null && variables.get("COMPOSE_SSH_KEY") == null) {
            access.privateKey(opened.getPrivateKey()).anyKeyMode(false);
        }
        if (opened.getPassphrase() != null) {
            access.passphrase(opened.getPassphrase());
        }
        if (opened.getPassword() != null) {
            access.password(opened.getPassword());
        }
        var user = address.user() != null ? address.user() : opened.getUsername();
        return SshHost.connect(new SshAddress(user, address.host(), address.port()), access.build());
    }

    /** The decrypted server with this id in settings.xml, if there is one. */
    @Nullable
    Server server(String id) {
        var server = settings.getServer(id);
        return server == null ? null : decrypted(server);
    }

    static SshAddress address(String host) {
        return address("compose.host", host);
    }

    private static List<SshAddress> jumps(@Nullable String jump) {
        return jump == null || jump.isBlank()
                ? List.of()
                : Stream.of(jump.split(",", -1))
                        .map(one -> address("compose.jump", one.strip()))
                        .toList();
    }

    private static SshAddress address(String parameter, String text) {
        try {
            return SshAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ComposeException(Outcome.USAGE, parameter + ": " + e.getMessage(), e);
        }
    }

    /** Decrypts only the server that is used. A failure is an error: an encrypted password is never sent. */
    private Server decrypted(Server server) {
        var result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
        for (SettingsProblem problem : result.getProblems()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "The <server> `" + server.getId() + "` in settings.xml cannot be decrypted; is"
                            + " settings-security.xml there? " + problem.getMessage());
        }
        return result.getServer();
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null && !one.isBlank() ? one : other;
    }
}
