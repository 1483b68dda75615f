package io.github.xdevops.compose.maven;

import static java.util.Objects.requireNonNull;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.Host;
import io.github.xdevops.compose.server.Stacks;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/** Base of the goals that connect to a server. */
abstract class HostMojo extends ComposeMojo {
    /** The server: {@code [user@]host[:port]} over SSH, or {@code local} for this machine. */
    @Parameter(property = "compose.host")
    protected @Nullable String host;

    /** Bastions with the same key, {@code [user@]host[:port]}, nearest first, separated by commas. */
    @Parameter(property = "compose.jump")
    private @Nullable String jump;

    /** The file of the private key; by default COMPOSE_SSH_KEY, settings.xml or {@code ~/.ssh}. */
    @Parameter(property = "compose.privateKey")
    private @Nullable String privateKey;

    /** The server's host keys, as a known_hosts file or its text; by default COMPOSE_KNOWN_HOSTS or {@code ~/.ssh}. */
    @Parameter(property = "compose.knownHosts")
    private @Nullable String knownHosts;

    /** The server in settings.xml with user, key, passphrase or password; by default the host. */
    @Parameter(property = "compose.serverId")
    private @Nullable String serverId;

    /** The directory of records on the server; by default {@code .yourlabs.compose} in the home directory. */
    @Parameter(property = "compose.stateDirectory")
    private @Nullable String stateDirectory;

    @Inject
    private @Nullable SettingsDecrypter decrypter;

    /** The stacks on the server. The connection is opened at its first use. */
    final Stacks connect() {
        return Stacks.on(openHost(), stateDirectory());
    }

    /** The server. The connection is made when it is first used. */
    final Host openHost() {
        if (privateKey != null && privateKey.strip().contains("\n")) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.privateKey is a file; put the text of a key into the variable COMPOSE_SSH_KEY, because"
                            + " Maven's debug log and the list of processes show parameters");
        }
        return door().open(requiredHost(), jump, privateKey, knownHosts, serverId);
    }

    /** The connection parameters that are not secret and valid on any machine, by name. */
    final Map<String, String> connection() {
        var given = new LinkedHashMap<String, String>();
        if (jump != null) {
            given.put("jump", jump);
        }
        if (stateDirectory != null) {
            given.put("stateDirectory", stateDirectory);
        }
        return given;
    }

    /** The state directory on the server. */
    final String stateDirectory() {
        return stateDirectory == null ? Stacks.STATE_DIRECTORY : stateDirectory;
    }

    final HostSettings door() {
        return new HostSettings(session().getSettings(), requireNonNull(decrypter), System.getenv(), getLog()::warn);
    }

    /** @throws ComposeException {@code USAGE} if {@code compose.host} is not set */
    final String requiredHost() {
        if (host == null || host.isBlank()) {
            throw new ComposeException(
                    Outcome.USAGE, "No server given. Set -Dcompose.host=user@host, or `local` for this machine");
        }
        return host;
    }
}
