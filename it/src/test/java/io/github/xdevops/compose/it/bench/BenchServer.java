package io.github.xdevops.compose.it.bench;

import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import io.github.xdevops.compose.server.Stacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The test server, as the variables of {@code it/server env} describe it. */
record BenchServer(String host, String port, String user, String key, String knownHosts, String docker, String domain) {
    static BenchServer fromVariables() {
        return new BenchServer(
                variable("COMPOSE_IT_SSH_HOST"),
                variable("COMPOSE_IT_SSH_PORT"),
                variable("COMPOSE_IT_SSH_USER"),
                variable("COMPOSE_IT_SSH_KEY"),
                variable("COMPOSE_IT_KNOWN_HOSTS"),
                variable("COMPOSE_IT_DOCKER"),
                Optional.ofNullable(System.getenv("COMPOSE_IT_DOMAIN")).orElse("localhost"));
    }

    String address() {
        return user + "@" + host + ":" + port;
    }

    /** The same server behind a relay on this machine, whose host keys are known by the relay's port. */
    BenchServer behind(DelayingRelay relay, Path directory) throws IOException {
        var relayed = "[" + host + "]:" + relay.port();
        var lines = Files.readString(Path.of(knownHosts)).replace("[" + host + "]:" + port, relayed);
        var file = Files.writeString(directory.resolve("known_hosts-" + relay.port()), lines);
        return new BenchServer(host, String.valueOf(relay.port()), user, key, file.toString(), docker, domain);
    }

    /** A new connection, logged in. */
    Stacks connect() {
        return Stacks.on(login());
    }

    SshHost login() {
        var access = SshAccess.builder().privateKey(key).knownHosts(knownHosts).build();
        return SshHost.connect(SshAddress.parse(address()), access);
    }

    /** What OpenSSH needs to know, and nothing of the caller's own configuration. */
    List<String> sshOptions() {
        return List.of(
                "-F",
                "/dev/null",
                "-i",
                key,
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "UserKnownHostsFile=" + knownHosts);
    }

    /** Compose as a program of its own, without the docker command in front of it where that can be had. */
    static List<String> compose() {
        var docker = Path.of(variable("COMPOSE_IT_DOCKER"));
        var plugin = docker.resolveSibling("config/cli-plugins/docker-compose");
        return Files.isExecutable(plugin) ? List.of(plugin.toString()) : List.of(docker.toString(), "compose");
    }

    private static String variable(String name) {
        var value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: run it/bench, or eval \"$(it/server env)\"");
        }
        return value;
    }
}
