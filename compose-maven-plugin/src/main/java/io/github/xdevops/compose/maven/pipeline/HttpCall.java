package io.github.xdevops.compose.maven.pipeline;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An HTTP call that must not fail a deploy. It follows no redirect, because it sends a secret. */
final class HttpCall {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private HttpCall() {}

    /**
     * Returns the answer, with any status.
     *
     * @param patience the time limit for the whole answer
     * @throws IOException if there is none; the message contains no address
     */
    static HttpResponse<String> send(HttpRequest request, Duration patience) throws IOException {
        // The timeout of a request ends with the headers of its answer.
        var answer = CLIENT.sendAsync(request, BodyHandlers.ofString());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException("cannot be reached: " + reason(e).getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    private static Throwable reason(ExecutionException e) {
        var cause = e.getCause();
        return cause == null ? e : cause;
    }
}
