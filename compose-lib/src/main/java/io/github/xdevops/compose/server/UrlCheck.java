package io.github.xdevops.compose.server;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens the URLs of an environment until the answer comes from the new deployment. Traefik needs a moment to see a new container,
 * and until then another one may answer. Redirects are not followed.
 *
 * @param path the path to open below the first URL, with a leading slash; other URLs are opened unchanged
 * @param status the required status, such as {@code 200} or {@code 2xx}; {@code null} accepts all but 400 and 5xx, and warns of
 *     other 4xx except 401 and 403
 * @param patience the time limit, at least one second
 * @param required whether it is an error if the URL cannot be reached from here, for example because DNS does not know the name
 */
public record UrlCheck(String path, @Nullable String status, Duration patience, boolean required) {
    /** The response header with Traefik's mark of the deployment. */
    static final String HEADER = "X-Compose-Deployment";

    private static final String ADVICE =
            "-Dcompose.urlCheck sets path, status and time of this check, as in `/health 200 5m`";

    private static final Pattern STATUS = Pattern.compile("[1-5]([0-9][0-9]|xx)");
    private static final Duration ONE_TRY = Duration.ofSeconds(10);
    private static final Duration UNKNOWN_TRY = Duration.ofSeconds(3);
    private static final long BETWEEN_TRIES_MILLIS = 250;

    /** @throws ComposeException if path, status or patience cannot be one */
    public UrlCheck {
        if (!path.matches("/[!-~]*") || path.contains("#")) {
            throw ComposeException.usage("`" + Printable.line(path) + "` is not the path of a URL");
        }
        if (status != null && !STATUS.matcher(status).matches()) {
            throw ComposeException.usage("`" + Printable.line(status) + "` is not a status such as 200 or 2xx");
        }
        if (patience.compareTo(Duration.ofSeconds(1)) < 0) {
            throw ComposeException.usage("a URL is checked for at least one second");
        }
    }

    /**
     * The default check: {@code /}, with any status except 400 and 5xx.
     *
     * @param patience the time limit; less than one second counts as one
     */
    public static UrlCheck within(Duration patience) {
        return new UrlCheck("/", null, atLeastOneSecond(patience), false);
    }

    /**
     * Parses {@code /health}, {@code /health 200}, {@code 2xx 90s} and the like: a path, a status and a time, each at most once.
     *
     * @param otherwise the time limit if the text has none; less than one second counts as one
     * @throws ComposeException if it is anything else
     */
    public static UrlCheck parse(String text, Duration otherwise) {
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
                throw ComposeException.usage("compose.urlCheck = `" + Printable.line(text)
                        + "` is not understood; write a path, a status and a time, as in `/health 200 30s`");
            }
        }
        return new UrlCheck(
                path == null ? "/" : path, status, patience == null ? atLeastOneSecond(otherwise) : patience, true);
    }

    private static Duration atLeastOneSecond(Duration patience) {
        return patience.toSeconds() < 1 ? Duration.ofSeconds(1) : patience;
    }

    /**
     * The check that a user wants.
     *
     * @param text as of {@link #parse}, {@code none} for no check, or {@code null} for the one by default
     * @param patience the time limit, unless the text has one
     * @return {@code null} if there is none
     */
    public static @Nullable UrlCheck wanted(@Nullable String text, Duration patience) {
        return text == null ? within(patience) : text.equals("none") ? null : parse(text, patience);
    }

    /**
     * Waits until each URL of a deployed stack answers as required.
     *
     * @return warnings, one line each: a URL that could not be checked from here, if the check is not required, and one that
     *     answers with a status such as 404; empty if there are none
     * @throws ComposeException {@code UNHEALTHY} when a URL does not answer so in time
     */
    public List<String> await(Stack stack) {
        var warnings = new ArrayList<String>();
        for (int i = 0; i < stack.endpoints().size(); i++) {
            var endpoint = stack.endpoints().get(i);
            await(endpoint, URI.create(whole(endpoint.url(), i == 0)), warnings);
        }
        return warnings;
    }

    /**
     * Waits until each URL of an environment answers as required, whichever of its deployments answers.
     *
     * @param urls as {@link Deployed#urls} has them; the path of the check is that of the first
     * @return warnings, as of {@link #await(Stack)}
     * @throws ComposeException {@code UNHEALTHY} when a URL does not answer so in time
     */
    public List<String> await(List<String> urls) {
        var warnings = new ArrayList<String>();
        for (int i = 0; i < urls.size(); i++) {
            await(null, URI.create(whole(urls.get(i), i == 0)), warnings);
        }
        return warnings;
    }

    private String whole(String url, boolean first) {
        return url + (first && !path.equals("/") ? path : url.endsWith("/") ? "" : "/");
    }

    /** @param endpoint what was deployed there, or {@code null} if any deployment may answer */
    private void await(@Nullable Endpoint endpoint, URI url, List<String> warnings) {
        var until = System.nanoTime() + patience.toNanos();
        while (true) {
            var found = ask(endpoint, url);
            if (found.good) {
                if (!found.problem.isEmpty()) {
                    warnings.add(url + " " + found.problem + found.hint);
                }
                return;
            }
            if (!found.answered && !required) { // a name that nobody knows stays unknown
                warnings.add(url + " could not be checked from here: it " + found.problem);
                return;
            }
            if (System.nanoTime() >= until) {
                throw new ComposeException(
                        Outcome.UNHEALTHY,
                        "It is deployed, but " + url + " " + found.problem + " after " + patience.toSeconds() + " s. "
                                + (found.hint.isEmpty() ? "" : found.hint + (found.hint.endsWith("?") ? " " : ". "))
                                + ADVICE);
            }
            pause();
        }
    }

    /** Uses the old HTTP client of the JDK: the new one takes longer to load than a deploy without changes. */
    private HttpURLConnection open(URI url) throws IOException {
        var connection = (HttpURLConnection)
                (url.getHost().endsWith(".localhost") && !isSecure(url)
                        ? url.toURL().openConnection(thisMachine(url))
                        : url.toURL().openConnection());
        // Where no answer is no error, a firewall that swallows all shall not cost each deploy much.
        connection.setConnectTimeout((int) (required ? ONE_TRY : UNKNOWN_TRY).toMillis());
        connection.setReadTimeout((int) ONE_TRY.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("X-Request-Id", UUID.randomUUID().toString());
        connection.setRequestProperty("Cache-Control", "no-cache");
        return connection;
    }

    /** Connects names below localhost to this machine (RFC 6761), which not every resolver does. */
    private static Proxy thisMachine(URI url) {
        var port = url.getPort() < 0 ? 80 : url.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }

    /** Runs in a separate thread, because an answer that arrives byte by byte never reaches the socket's timeout. */
    private Found ask(@Nullable Endpoint endpoint, URI url) {
        var answer = new FutureTask<Found>(() -> {
            var connection = open(url);
            try {
                return judge(endpoint, url, connection);
            } finally {
                connection.disconnect(); // the body may be long, or never end
            }
        });
        var thread = new Thread(answer, "compose-url-check");
        thread.setDaemon(true);
        thread.start();
        try {
            return answer.get(2 * ONE_TRY.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return new Found(false, false, "cannot be opened (" + reason(failure) + ")", "");
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            return new Found(true, false, "does not finish the head of its answer", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComposeException(Outcome.UNKNOWN, "interrupted while " + url + " was opened", e);
        }
    }

    private Found judge(@Nullable Endpoint endpoint, URI url, HttpURLConnection answer) throws IOException {
        int code = answer.getResponseCode();
        if (code < 0) {
            throw new IOException("the answer is not HTTP");
        }
        var mark = answer.getHeaderField(HEADER);
        if (mark == null || (endpoint != null && !mark.equals(endpoint.mark()))) {
            return strange(url, code, answer.getHeaderField("Location"));
        }
        if (code == 502 || code == 503 || code == 504) {
            if (endpoint == null) {
                return new Found(
                        true, false, "is answered by Traefik with " + code + ": it cannot reach the service", "");
            }
            var service = endpoint.route().service();
            return new Found(
                    true,
                    false,
                    "is answered by Traefik with " + code + ": it cannot reach the service " + service + " on port "
                            + endpoint.route().port(),
                    "Does " + service + " listen there, on 0.0.0.0 and not on 127.0.0.1? If it is another port,"
                            + " set -Dcompose.routes=" + service + ":PORT; if it speaks gRPC without TLS, h2c://"
                            + service + ":PORT");
        }
        if (status != null) {
            return Integer.toString(code).matches(status.replace('x', '.'))
                    ? Found.WELL
                    : new Found(true, false, "answers " + code + " and not " + status, "");
        }
        if (code < 400 || code == 401 || code == 403) {
            return Found.WELL;
        }
        if (code != 400 && code < 500) {
            return new Found(
                    true,
                    true,
                    "answers " + code,
                    "; if that is not its page, set for example -Dcompose.urlCheck=/health, or -Dcompose.urlCheck="
                            + code + " to expect it");
        }
        return new Found(true, false, "answers " + code, endpoint == null ? "" : hint(endpoint, code));
    }

    private static String hint(Endpoint endpoint, int code) {
        var service = endpoint.route().service();
        return code == 400
                ? "Does " + service + " accept requests for this host name? If it speaks HTTPS only, set"
                        + " -Dcompose.routes=https://" + service + ":"
                        + endpoint.route().port()
                : code == 500 && endpoint.route().scheme() == Route.Scheme.HTTPS
                        ? "Traefik answers so if it does not trust the certificate of " + service
                                + "; on the server, --serversTransport.insecureSkipVerify=true makes it trust all"
                        : "";
    }

    /** An answer from another deployment. */
    private static Found strange(URI url, int code, @Nullable String location) {
        if (code == 404) {
            return new Found(
                    true,
                    false,
                    "is not known to Traefik (404)",
                    "Does Traefik watch this Docker, does it have the entry point "
                            + (isSecure(url) ? "websecure" : "web")
                            + ", and can it reach the stack's network (compose.proxyNetwork)?");
        }
        var toHttps = code >= 300 && code < 400 && location != null && location.startsWith("https:");
        return new Found(
                true,
                false,
                "is not answered by this deployment (" + code + ")",
                toHttps && !isSecure(url)
                        ? "It redirects to HTTPS, so set -Dcompose.domain=https://… (or compose.url), also to the pipeline"
                        : "Is there another router for it, or a cache in front?");
    }

    private static String reason(IOException failure) {
        if (failure instanceof UnknownHostException) {
            return "its name is not known to this machine's DNS";
        }
        var message = failure.getMessage();
        return Printable.line(message == null ? failure.getClass().getSimpleName() : message);
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComposeException(Outcome.UNKNOWN, "interrupted while a URL was waited for", e);
        }
    }

    /** The result of a try: whether there was an answer, whether it is accepted, a warning, and a possible reason. */
    private record Found(boolean answered, boolean good, String problem, String hint) {
        static final Found WELL = new Found(true, true, "", "");
    }
}
