package io.github.xdevops.compose.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The test server's Traefik once more, with the settings that docs/set-up-a-server.md gives. */
final class OwnTraefik implements AutoCloseable {
    private final Process process;
    private final int port;
    private final int securePort;

    /** @param throttle how long it gathers changes before it takes them, such as {@code 2s} */
    OwnTraefik(TestServer server, Path directory, String throttle) throws IOException {
        var program = server.directory().resolve("bin/traefik");
        assumeTrue(Files.isExecutable(program), "no Traefik: no request can be lost");
        try (var free = new ServerSocket(0);
                var secure = new ServerSocket(0)) {
            port = free.getLocalPort();
            securePort = secure.getLocalPort();
        }
        var settings = Files.writeString(directory.resolve("traefik-" + throttle + ".yml"), """
                global: {checkNewVersion: false, sendAnonymousUsage: false}
                entryPoints: {web: {address: "127.0.0.1:%d"}, websecure: {address: "127.0.0.1:%d"}}
                serversTransport: {forwardingTimeouts: {idleConnTimeout: 3s}}
                providers:
                  providersThrottleDuration: %s
                  docker:
                    endpoint: %s
                    exposedByDefault: false
                    constraints: Label(`io.github.xdevops.compose.managed`,`true`)
                """.formatted(
                        port, securePort, throttle, System.getenv("DOCKER_HOST")));
        process = new ProcessBuilder(program.toString(), "--configFile=" + settings)
                .redirectErrorStream(true)
                .redirectOutput(
                        directory.resolve("traefik-" + throttle + ".log").toFile())
                .start();
        while (!listens()) {
            if (!process.isAlive()) {
                throw new AssertionError("Traefik does not start");
            }
            TestServer.pause(50);
        }
    }

    private boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** The port of HTTPS, with a certificate of its own making. */
    int securePort() {
        return securePort;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
