package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The single comment of an environment on its merge or pull request. An invisible mark at its beginning identifies it to later
 * deploys. Failures are warnings and do not fail a deploy.
 */
public final class RequestComment {
    private static final int PER_PAGE = 50; // the longest comments of so many are what the reader of JSON takes
    private static final int PAGES = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Forge forge;
    private final Duration patience;
    private final Consumer<String> warn;
    private long end;

    private RequestComment(Forge forge, Duration patience, Consumer<String> warn) {
        this.forge = forge;
        this.patience = patience;
        this.warn = warn;
    }

    /** Returns the comment's API; empty without a usable token. */
    public static Optional<RequestComment> of(Map<String, String> variables, Consumer<String> warn) {
        return of(variables, PATIENCE, warn);
    }

    /**
     * @param patience the time limit of one change, with all its calls
     */
    static Optional<RequestComment> of(Map<String, String> variables, Duration patience, Consumer<String> warn) {
        return Forge.of(variables).map(forge -> new RequestComment(forge, patience, warn));
    }

    /** Writes the comment on the request that is built: updates the existing one or adds one. */
    public void write(Source source, String project, String markdown) {
        attempt(() -> {
            var request = source.request();
            if (request != null && !update(request, project, markdown)) {
                call("POST", forge.comments(request), body(project, markdown));
            }
        });
    }

    /** Updates the comment if there is one. A job that stops an environment may have to look up the branch's requests. */
    public void change(Source source, String branch, String project, String markdown) {
        attempt(() -> {
            var known = source.request();
            for (var request : known != null ? List.of(known) : requests(branch)) {
                update(request, project, markdown);
            }
        });
    }

    private boolean update(String request, String project, String markdown) throws IOException {
        for (var comment : ours(request, project)) {
            var answer = send(forge.update(), forge.comment(request, comment), body(project, markdown));
            if (answer.statusCode() / 100 == 2) {
                return true;
            }
            // Anybody can write the mark, but only with many rights can one change another's comment.
            if (answer.statusCode() != 403 && answer.statusCode() != 404) {
                refuse(answer);
            }
        }
        return false;
    }

    private static String mark(String project) {
        return "<!-- compose:" + project + " -->";
    }

    private static String body(String project, String markdown) {
        return Json.write(Map.of("body", mark(project) + "\n" + markdown));
    }

    /** The numbers of the comments with the mark, oldest first; only a few are read. */
    private List<String> ours(String request, String project) throws IOException {
        var found = new ArrayList<String>();
        for (var page = 1; page <= PAGES; page++) {
            var answer = call(
                    "GET",
                    forge.comments(request) + "?per_page=" + PER_PAGE + forge.oldestFirst() + "&page=" + page,
                    "");
            for (var comment : list(answer)) {
                if (comment.get("id") instanceof Long id
                        && comment.get("body") instanceof String text
                        && text.startsWith(mark(project))
                        && found.size() < 5) {
                    found.add(id.toString());
                }
            }
            // Gitea tells of no next page, and would send the first one again.
            if (answer.headers().allValues("Link").stream().noneMatch(link -> link.contains("rel=\"next\""))) {
                return found;
            }
        }
        if (found.isEmpty()) {
            throw new IOException("there are more than " + PER_PAGE * PAGES + " comments to look through");
        }
        return found;
    }

    private List<String> requests(String branch) throws IOException {
        var address = forge.requests(branch);
        var numbers = new ArrayList<String>();
        if (address.isPresent()) {
            for (var request : list(call("GET", address.get(), ""))) {
                if (request.get("iid") instanceof Long number) {
                    numbers.add(number.toString());
                }
            }
        }
        return numbers;
    }

    private static List<Map<?, ?>> list(HttpResponse<String> answer) throws IOException {
        try {
            if (Json.parse(answer.body()) instanceof List<?> all) {
                var objects = new ArrayList<Map<?, ?>>();
                all.forEach(one -> {
                    if (one instanceof Map<?, ?> object) {
                        objects.add(object);
                    }
                });
                return objects;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new IOException("the answer is not a JSON list");
    }

    private HttpResponse<String> call(String method, String address, String body) throws IOException {
        var answer = send(method, address, body);
        if (answer.statusCode() / 100 != 2) {
            refuse(answer);
        }
        return answer;
    }

    private void refuse(HttpResponse<String> answer) throws IOException {
        var status = answer.statusCode();
        var advice = status == 401 || status == 403
                ? "; may " + forge.variable() + " write comments?"
                : status == 404 ? "; may " + forge.variable() + " see the request?" : "";
        throw new IOException("it answers " + status + advice);
    }

    private HttpResponse<String> send(String method, String address, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(address))
                .header(forge.header(), forge.credentials())
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("User-Agent", "compose-maven-plugin") // which GitHub wants
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return HttpCall.send(request, Duration.ofNanos(end - System.nanoTime()));
    }

    private void attempt(Attempt attempt) {
        end = System.nanoTime() + patience.toNanos();
        try {
            attempt.make();
        } catch (IOException e) {
            warn.accept("No comment on the request: " + e.getMessage());
        } catch (IllegalArgumentException e) { // whose message may have the token
            warn.accept("No comment on the request: " + forge.variable() + ", or the URL of the API, is invalid");
        }
    }

    private interface Attempt {
        void make() throws IOException;
    }
}
