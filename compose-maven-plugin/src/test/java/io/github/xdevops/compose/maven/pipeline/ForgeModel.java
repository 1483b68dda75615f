package io.github.xdevops.compose.maven.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The comments of GitLab, GitHub or Gitea as their APIs show them, behind real HTTP. */
final class ForgeModel implements AutoCloseable {
    enum Kind {
        GITLAB,
        GITHUB,
        GITEA
    }

    record Comment(long id, String author, String body) {}

    static final String TOKEN = "glpat-only-for-tests-0123456789";

    final Kind kind;
    /** By the request's number. */
    final Map<String, List<Comment>> comments = new HashMap<>();
    /** By the branch, at GitLab. */
    final Map<String, List<String>> requestsOfBranch = new HashMap<>();

    final List<String> calls = new ArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** What is answered whatever is asked, 0 for nothing of the kind. */
    volatile int status;
    /** Sends headers, and the body never. */
    volatile boolean silent;

    volatile String answer = "";
    private long lastId = 1000;

    ForgeModel(Kind kind) throws IOException {
        this.kind = kind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    Map<String, String> variables() {
        var address = "http://127.0.0.1:" + server.getAddress().getPort();
        return kind == Kind.GITLAB
                ? Map.of("COMPOSE_GITLAB_TOKEN", TOKEN, "CI_API_V4_URL", address + "/api/v4", "CI_PROJECT_ID", "42")
                : Map.of("COMPOSE_GITHUB_TOKEN", TOKEN, "GITHUB_API_URL", address, "GITHUB_REPOSITORY", "acme/shop");
    }

    synchronized List<Comment> of(String request) {
        return comments.computeIfAbsent(request, any -> new ArrayList<>());
    }

    synchronized void add(String request, String author, String body) {
        of(request).add(new Comment(++lastId, author, body));
    }

    List<String> bodies(String request) {
        return of(request).stream().map(Comment::body).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var said = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var path = exchange.getRequestURI().getPath();
        synchronized (this) {
            calls.add(exchange.getRequestMethod() + " " + path);
        }
        if (silent) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(60_000); // until the server stops
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (status != 0) {
            send(exchange, status, answer);
        } else if (!permitted(exchange)) {
            send(exchange, 401, "{\"message\":\"401 Unauthorized\"}");
        } else {
            route(exchange, path, said);
        }
    }

    private boolean permitted(HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        return kind == Kind.GITLAB
                ? TOKEN.equals(headers.getFirst("PRIVATE-TOKEN"))
                : ("Bearer " + TOKEN).equals(headers.getFirst("Authorization")) && headers.containsKey("User-Agent");
    }

    private synchronized void route(HttpExchange exchange, String path, String said) throws IOException {
        var project = kind == Kind.GITLAB ? "/api/v4/projects/42/" : "/repos/acme/shop/";
        var of = kind == Kind.GITLAB ? "merge_requests/" : "issues/";
        var list = kind == Kind.GITLAB ? "/notes" : "/comments";
        var rest = path.startsWith(project) ? path.substring(project.length()) : "";
        var method = exchange.getRequestMethod();
        if (rest.equals("merge_requests") && method.equals("GET")) {
            var branch = query(exchange).getOrDefault("source_branch", "");
            send(
                    exchange,
                    200,
                    Json.write(requestsOfBranch.getOrDefault(branch, List.of()).stream()
                            .map(number -> Map.of("iid", Long.valueOf(number)))
                            .toList()));
        } else if (rest.matches(of + "\\d+" + list)) {
            var request = rest.replaceAll("\\D+", "");
            if (method.equals("GET")) {
                page(exchange, of(request));
            } else if (method.equals("POST")) {
                add(request, "us", body(said));
                send(exchange, 201, "{}");
            }
        } else if (rest.matches(kind == Kind.GITLAB ? of + "\\d+/notes/\\d+" : "issues/comments/\\d+")
                && method.equals(kind == Kind.GITLAB ? "PUT" : "PATCH")) {
            change(exchange, Long.parseLong(rest.replaceAll(".*/", "")), body(said));
        }
        if (exchange.getResponseCode() == -1) {
            send(exchange, 404, "{\"message\":\"404 Not Found\"}");
        }
    }

    private static String body(String said) {
        var json = (Map<?, ?>) Objects.requireNonNull(Json.parse(said));
        return String.valueOf(json.get("body"));
    }

    private void change(HttpExchange exchange, long id, String body) throws IOException {
        for (var all : comments.values()) {
            for (var comment : all) {
                if (comment.id() == id && comment.author().equals("us")) {
                    all.set(all.indexOf(comment), new Comment(id, "us", body));
                    send(exchange, 200, "{}");
                    return;
                } else if (comment.id() == id) {
                    send(exchange, 403, "{\"message\":\"403 Forbidden\"}");
                    return;
                }
            }
        }
    }

    /** Gitea sends all of them, whatever page is asked for. */
    private void page(HttpExchange exchange, List<Comment> all) throws IOException {
        var query = query(exchange);
        var size = Math.min(100, Integer.parseInt(query.getOrDefault("per_page", "30")));
        var page = Integer.parseInt(query.getOrDefault("page", "1"));
        if (kind == Kind.GITEA) {
            send(exchange, 200, json(all));
            return;
        }
        var from = Math.min(all.size(), (page - 1) * size);
        var to = Math.min(all.size(), page * size);
        var links = "<http://elsewhere.test/?page=1>; rel=\"first\"";
        if (to < all.size()) {
            links = "<http://elsewhere.test/?page=" + (page + 1) + ">; rel=\"next\", " + links;
        }
        exchange.getResponseHeaders().add("Link", links);
        send(exchange, 200, json(all.subList(from, to)));
    }

    private static String json(List<Comment> all) {
        return Json.write(all.stream()
                .map(one -> Map.of("id", one.id(), "body", one.body()))
                .toList());
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var found = new HashMap<String, String>();
        var query = exchange.getRequestURI().getRawQuery();
        for (var pair : (query == null ? "" : query).split("&")) {
            var parts = pair.split("=", 2);
            found.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return found;
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
