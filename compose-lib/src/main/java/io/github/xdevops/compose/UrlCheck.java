package io.github.xdevops.compose;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens the URLs of an environment as its users will, until the answer comes from what was just deployed: Traefik needs a
 * moment to see a new container, and meanwhile somebody else may answer. Redirects are not followed.
 *
 * @param path where the first URL is opened, beginning with a slash and below the URL's own path; the others are opened as
 *     they are
 * @param status the status that has to come, as {@code 200} or {@code 2xx}, or {@code null} for any below 500
 * @param patience how long to try, at least one second
 * @param required whether it is an error when no answer can be had from here at all, for example because the name is not
 *     known to this machine's DNS
 */
public record UrlCheck(String path, @Nullable String status, Duration patience, boolean required) {
    /** The response header by which Traefik tells which deployment answers. */
    static final String HEADER = "X-Compose-Deployment";

    /** Any answer of the environment itself that is no error of the server, within 30 seconds. */
    public static final UrlCheck DEFAULT = new UrlCheck("/", null, Duration.ofSeconds(30), false);

    private static final Pattern STATUS = Pattern.compile("[1-5]([0-9][0-9]|xx)");
    private static final Duration ONE_TRY = Duration.ofSeconds(10);
    private static final long BETWEEN_TRIES_MILLIS = 250;

    /** @throws ComposeException if path, status or patience cannot be one */
    public UrlCheck {
        if (!path.matches("/[!-~]*") || path.contains("#")) {
            throw ComposeException.usage("`" + Sanitized.line(path) + "` is not the path of a URL");
        }
        if (status != null && !STATUS.matcher(status).matches()) {
            throw ComposeException.usage("`" + Sanitized.line(status) + "` is not a status such as 200 or 2xx");
        }
        if (patience.compareTo(Duration.ofSeconds(1)) < 0) {
            throw ComposeException.usage("a URL is checked for at least one second");
        }
    }

    /**
     * Reads {@code /health}, {@code /health 200}, {@code 2xx 90s} and the like: a path, a status and a time, each at most once.
     * What is not said is as in {@link #DEFAULT}; but the check is required.
     *
     * @throws ComposeException if it is anything else
     */
    public static UrlCheck parse(String text) {
        String path = null;
        String status = null;
        Duration patience = null;
        for (var word : text.strip().split("\\s+")) {
            if (word.startsWith("/") && path == null) {
                path = word;
            } else if (STATUS.matcher(word).matches() && status == null) {
                status = word;
            } else if (word.matches("[0-9]{1,6}[smh]") && patience == null) {
                patience = Lifetime.parse(word).duration();
            } else {
                throw ComposeException.usage("compose.check = `" + Sanitized.line(text)
                        + "` is not understood; write a path, a status and a time, as in `/health 200 30s`");
            }
        }
        return new UrlCheck(
                path == null ? DEFAULT.path : path, status, patience == null ? DEFAULT.patience : patience, true);
    }

    /**
     * Waits until each URL of a stack that was deployed answers as it should.
     *
     * @return what could not be found out, one line each, if the check is not required; empty when all is well
     * @throws ComposeException {@code UNHEALTHY} when a URL does not answer so in time
     */
    public List<String> await(Stack stack) {
        var unknown = new ArrayList<String>();
        for (int i = 0; i < stack.endpoints().size(); i++) {
            var endpoint = stack.endpoints().get(i);
            var url = endpoint.url()
                    + (i == 0 && !path.equals("/") ? path : endpoint.url().endsWith("/") ? "" : "/");
            await(endpoint, URI.create(url), unknown);
        }
        return unknown;
    }

    private void await(Endpoint endpoint, URI url, List<String> unknown) {
        var client = client(endpoint.address());
        var until = System.nanoTime() + patience.toNanos();
        while (true) {
            var found = ask(client, endpoint, url);
            if (found.problem.isEmpty()) {
                return;
            }
            if (!found.answered && !required) { // a name that nobody knows stays unknown
                unknown.add(url + " could not be checked from here: it " + found.problem);
                return;
            }
            if (System.nanoTime() >= until) {
                throw new ComposeException(
                        ExitWord.UNHEALTHY,
                        "It is deployed, but " + url + " " + found.problem + " after " + patience.toSeconds() + " s"
                                + (found.hint.isEmpty() ? "" : ". " + found.hint));
            }
            pause();
        }
    }

    /** Names below localhost are this machine (RFC 6761), which not every resolver knows. */
    private static HttpClient client(Address address) {
        var builder = HttpClient.newBuilder().connectTimeout(ONE_TRY).followRedirects(HttpClient.Redirect.NEVER);
        if (address.host().endsWith(".localhost") && !address.secure()) {
            var port = address.port() == 0 ? 80 : address.port();
            builder.proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        return builder.build();
    }

    private Found ask(HttpClient client, Endpoint endpoint, URI url) {
        var request = HttpRequest.newBuilder(url)
                .timeout(ONE_TRY)
                .header("X-Request-Id", UUID.randomUUID().toString())
                .header("Cache-Control", "no-cache")
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close(); // it may be long, or never end
            return judge(endpoint, response);
        } catch (IOException e) {
            return new Found(false, "cannot be opened (" + reason(e) + ")", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComposeException(ExitWord.UNKNOWN, "interrupted while " + url + " was opened", e);
        }
    }

    private Found judge(Endpoint endpoint, HttpResponse<InputStream> response) {
        int code = response.statusCode();
        var service = endpoint.route().service();
        if (!response.headers().firstValue(HEADER).orElse("").equals(endpoint.mark())) {
            return code == 404
                    ? new Found(
                            true,
                            "is not known to Traefik (404)",
                            "Does Traefik watch this Docker, has it the entry point "
                                    + endpoint.entryPoint()
                                    + ", and can it reach the stack's network (compose.proxyNetwork)?")
                    : new Found(
                            true,
                            "is answered by something else than this deployment (" + code + ")",
                            "Is there another router for it, or a cache in front?");
        }
        if (code == 502 || code == 503 || code == 504) {
            return new Found(
                    true,
                    "is answered by Traefik with " + code + ": it cannot reach the service " + service + " on port "
                            + endpoint.route().port(),
                    "Does " + service + " listen there, on 0.0.0.0 and not on 127.0.0.1? compose.routes says the port");
        }
        var wanted = status == null ? code < 500 : Integer.toString(code).matches(status.replace('x', '.'));
        return wanted
                ? Found.WELL
                : new Found(
                        true,
                        "answers " + code + (status == null ? "" : " and not " + status),
                        "compose:logs shows what " + service + " says");
    }

    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "its name is not known to this machine's DNS";
            }
        }
        var message = failure.getMessage();
        return Sanitized.line(message == null ? failure.getClass().getSimpleName() : message);
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComposeException(ExitWord.UNKNOWN, "interrupted while a URL was waited for", e);
        }
    }

    /** What a try found: whether there was an answer, what is wrong with it if anything is, and what may be the reason. */
    private record Found(boolean answered, String problem, String hint) {
        static final Found WELL = new Found(true, "", "");
    }
}
