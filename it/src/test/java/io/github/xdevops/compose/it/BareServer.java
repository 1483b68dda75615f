package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.xdevops.compose.host.Command;
import io.github.xdevops.compose.host.Result;
import io.github.xdevops.compose.host.ssh.SshAccess;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.host.ssh.SshHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Debian on its first day, as {@code it/bare} boots it; {@link #close} removes it. */
final class BareServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("bare").toAbsolutePath();

    private final String name;
    private final List<String> kind;
    private Map<String, String> variables = Map.of();

    /** Boots a new server of this name; skips the test, and says so, where that cannot be. */
    BareServer(String name) {
        this(name, List.of());
    }

    private BareServer(String name, List<String> kind) {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/mmdebstrap")),
                "bare servers need root and mmdebstrap: call it/install on a Debian 12");
        this.name = name;
        this.kind = kind;
        close();
        up();
    }

    /** Boots a new server with a kernel, clock, memory and disk of its own, emulated. */
    static BareServer virtual(String name) {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64")),
                "virtual machines need QEMU: call it/install on a Debian 12");
        return new BareServer(name, List.of("--vm"));
    }

    void up() {
        var found = new HashMap<String, String>();
        for (var line : bare("up").lines().toList()) {
            found.put(line.replaceFirst("=.*", ""), line.replaceFirst(".*?=", ""));
        }
        variables = Map.copyOf(found);
    }

    /** A power cut, at once: a step may take less time than a program to begin. */
    void off() {
        ProcessHandle.of(Long.parseLong(init())).ifPresent(ProcessHandle::destroyForcibly);
        bare("off");
    }

    String address() {
        return variables.get("COMPOSE_BARE_HOST");
    }

    String ip() {
        return address().replaceFirst(".*@", "");
    }

    String key() {
        return variables.get("COMPOSE_BARE_KEY");
    }

    String knownHosts() {
        return variables.get("COMPOSE_BARE_KNOWN_HOSTS");
    }

    /** The first process of the server, by its number out here. */
    String init() {
        return variables.get("COMPOSE_BARE_INIT");
    }

    /** The parameters of a goal that calls as the login for deploys, and more. */
    List<String> calledWith(String... more) {
        var all = new ArrayList<>(List.of(
                "-Dcompose.host=deploy@" + ip(),
                "-Dcompose.privateKey=" + key(),
                "-Dcompose.knownHosts=" + knownHosts()));
        all.addAll(List.of(more));
        return all;
    }

    /** Deploys the compose file of a directory as the persistent environment {@code shop}; it has to succeed. */
    void deployShop(Path directory, String domain) {
        var deployed = new Maven(directory, TestServer.required())
                .run(
                        "deploy",
                        calledWith(
                                "-Dcompose.images=transfer",
                                "-Dcompose.lifetime=forever",
                                "-Dcompose.urlCheck=none",
                                "-Dcompose.repository=acme/shop",
                                "-Dcompose.environment=production",
                                "-Dcompose.project=shop",
                                "-Dcompose.domain=" + domain),
                        Map.of());
        if (deployed.exit() != 0) {
            throw new AssertionError("compose:deploy ended with " + deployed.exit() + ": " + deployed.out());
        }
    }

    /** Returns the status of the answer to a URL whose host is this server; 0 without an answer. Any certificate will do. */
    int status(String url, String... options) {
        var uri = URI.create(url);
        var port = uri.getScheme().equals("https") ? 443 : 80;
        var command = new ArrayList<>(List.of(
                "curl",
                "-sk",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--resolve",
                uri.getHost() + ":" + port + ":" + ip()));
        command.addAll(List.of(options));
        command.add(url);
        try {
            var curl = new ProcessBuilder(command).start();
            return Integer.parseInt(new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks until the status is 200, each fifth of a second, and returns the last one. */
    int awaitPage(String url, int attempts) {
        var status = status(url);
        for (int i = 1; status != 200 && i <= attempts; i++) {
            TestServer.pause(200);
            status = status(url);
        }
        return status;
    }

    SshHost connect(String login) {
        var access =
                SshAccess.builder().privateKey(key()).knownHosts(knownHosts()).build();
        return SshHost.connect(SshAddress.parse(login + "@" + ip()), access);
    }

    /** Runs a shell text as root and returns what it printed; it has to succeed. */
    String run(String script, String... arguments) {
        var result = tryRun(script, arguments);
        if (!result.ok()) {
            throw new AssertionError(script + " on " + name + " ended with " + result.exit() + ": " + result.err());
        }
        return result.out();
    }

    Result tryRun(String script, String... arguments) {
        try (var host = connect("root")) {
            return host.run(Command.script(script, List.of(arguments)).withDeadline(Duration.ofMinutes(5)), line -> {});
        }
    }

    @Override
    public void close() {
        bare("down");
    }

    private String bare(String verb) {
        try {
            var command = new ArrayList<>(List.of(PROGRAM.toString(), name));
            command.addAll(kind);
            command.add(verb);
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new AssertionError("it/bare " + name + " " + verb + " failed; its message is above");
            }
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
