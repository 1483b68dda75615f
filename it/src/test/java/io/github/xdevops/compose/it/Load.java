package io.github.xdevops.compose.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Sixteen clients that ask for a page through Traefik as fast as it answers: GET, POST, and now and then what takes two seconds. */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 16;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong asked = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private final URI url;
    private final String proxy;
    private final String expected;
    private final long began = System.nanoTime();
    private volatile boolean ended;

    /** @param proxy where Traefik listens, {@code host:port} */
    Load(String proxy, String url) {
        this(proxy, url, "version ");
    }

    /** @param expected how every answer begins; without POST if it is not that of {@link Answers} */
    Load(String proxy, String url, String expected) {
        this.proxy = proxy;
        this.expected = expected;
        this.url = URI.create(url);
        for (int i = 0; i < CLIENTS; i++) {
            var number = i;
            var client = new Thread(() -> ask(number), "client " + i);
            clients.add(client);
            client.start();
        }
    }

    /** Waits until a page is there. */
    static void await(String proxy, String url) {
        await(proxy, url, "version ");
    }

    static void await(String proxy, String url, String expected) {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (var one = new Load(proxy, url, expected)) {
                TestServer.pause(100);
                one.end();
                if (one.failures().isEmpty() && one.asked() > 0) {
                    return;
                }
                if (System.nanoTime() > until) {
                    throw new AssertionError(one.failures().toString());
                }
            }
        }
    }

    private void ask(int number) {
        for (int i = number; !ended; i++) {
            var kind = i % 8 == 0 ? "slow" : i % 2 == 0 && expected.equals("version ") ? "post" : "get";
            var request = HttpRequest.newBuilder(URI.create("http://" + proxy + "/" + kind))
                    .header("Host", url.getAuthority())
                    .timeout(Duration.ofSeconds(15));
            if (kind.equals("post")) {
                request.POST(BodyPublishers.ofString("x=" + i));
            }
            asked.incrementAndGet();
            try {
                var reply = http.send(request.build(), BodyHandlers.ofString());
                if (reply.statusCode() != 200 || !reply.body().startsWith(expected)) {
                    failures.add(at() + kind + ": " + reply.statusCode() + " "
                            + reply.body().strip());
                } else {
                    bodies.add(reply.body().strip());
                }
            } catch (IOException e) {
                failures.add(at() + kind + ": " + e);
            } catch (InterruptedException e) {
                return;
            }
            TestServer.pause(5);
        }
    }

    private String at() {
        return (System.nanoTime() - began) / 1_000_000 + " ms: ";
    }

    long asked() {
        return asked.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** What was answered, each once, in order. */
    List<String> answers() {
        return bodies.stream().distinct().toList();
    }

    @Override
    public void close() {
        end();
    }

    /** Asks no more, and waits for the last answers. */
    void end() {
        ended = true;
        for (var client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
