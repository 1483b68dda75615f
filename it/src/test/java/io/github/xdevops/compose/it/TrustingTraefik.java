package io.github.xdevops.compose.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A Traefik beside the test server's, for one project, which trusts every certificate of a service. */
final class TrustingTraefik implements AutoCloseable {
    private static final Duration STARTED = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private TrustingTraefik(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static TrustingTraefik of(TestServer server, String project) throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var process = new ProcessBuilder(
                        server.directory().resolve("bin/traefik").toString(),
                        "--entryPoints.web.address=127.0.0.1:" + port,
                        "--serversTransport.insecureSkipVerify=true",
                        "--providers.docker.endpoint=" + System.getenv("DOCKER_HOST"),
                        "--providers.docker.exposedByDefault=false",
                        "--providers.docker.constraints=Label(`com.docker.compose.project`,`" + project + "`)")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new TrustingTraefik(process, port);
    }

    /** The page of a host name, asked for until it is there. */
    String get(String host) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("Host", host)
                .timeout(Duration.ofSeconds(5))
                .build();
        var until = System.nanoTime() + STARTED.toNanos();
        while (true) {
            String last;
            try {
                var reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                if (reply.statusCode() == 200) {
                    return reply.body();
                }
                last = reply.statusCode() + " " + reply.body();
            } catch (IOException e) {
                last = e.toString();
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(host + ": " + last);
            }
            TestServer.pause(100);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
