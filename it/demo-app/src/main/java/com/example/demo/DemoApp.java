package com.example.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** A web page that says which branch it was built from, and counts its visits. */
public final class DemoApp {
    private static final int PORT = 8080;

    private final Visits visits;
    private final Page page;

    private DemoApp(Visits visits, Page page) {
        this.visits = visits;
        this.page = page;
    }

    /** Serves the page; with {@code --health} asks the instance that is running here how it is, as a container's health check. */
    public static void main(String[] args) throws IOException {
        if (args.length == 1 && args[0].equals("--health")) {
            System.exit(isHealthy() ? 0 : 1);
        }
        Path data = Path.of(env("DATA_DIR", "/data"));
        new DemoApp(new Visits(data.resolve("visits")), new Page(env("BRANCH", "unknown"), env("COMPOSE_URL", ""), data.resolve("migrated")))
                .serve();
    }

    private void serve() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
        server.createContext("/", this::page);
        server.createContext("/health", exchange -> answer(exchange, 200, "text/plain", "ok\n"));
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        // As PID 1 a process gets no default action for SIGTERM; the JVM's own handler runs this and ends.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
        System.out.println("listening on " + PORT);
    }

    private void page(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/")) {
            answer(exchange, 200, "text/html", page.html(visits.count()));
        } else {
            answer(exchange, 404, "text/plain", "not found\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static boolean isHealthy() {
        try {
            HttpURLConnection health = (HttpURLConnection) URI.create("http://127.0.0.1:" + PORT + "/health").toURL().openConnection();
            health.setConnectTimeout(2_000);
            health.setReadTimeout(2_000);
            return health.getResponseCode() == 200;
        } catch (IOException notListening) {
            return false;
        }
    }

    private static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
