package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notifies people of the result of a deploy: Slack's incoming webhooks, and any receiver that understands their {@code text}. The
 * URL is a secret. Failures do not fail a deploy.
 */
public final class Webhook {
    private final URI url;
    private final Consumer<String> warn;

    private Webhook(URI url, Consumer<String> warn) {
        this.url = url;
        this.warn = warn;
    }

    /**
     * Parses a webhook's URL.
     *
     * @param text the URL, or {@code null} or blank for none
     * @return the webhook, or {@code null} if there is none
     */
    static @Nullable public Webhook of(@Nullable String text, Consumer<String> warn) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            var url = new URI(text.strip());
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return new Webhook(url, warn);
            }
        } catch (URISyntaxException e) {
            // reported below, without the text
        }
        throw new ComposeException(Outcome.USAGE, "COMPOSE_WEBHOOK is not a URL that begins with https:// or http://");
    }

    /**
     * Sends one message.
     *
     * @param text the text for people; Slack's markup is escaped
     * @param more the data for programs, under {@code compose}
     */
    public void send(String text, Map<String, @Nullable Object> more) {
        var message = new LinkedHashMap<String, @Nullable Object>();
        message.put("text", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        if (!url.getHost().endsWith(".slack.com")) { // which takes what it knows only
            message.put("compose", more);
        }
        var request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(message)))
                .build();
        try {
            var status = HttpCall.send(request, HttpCall.PATIENCE).statusCode();
            if (status / 100 != 2) {
                warn.accept("The webhook failed: it answers " + status);
            }
        } catch (IOException e) {
            warn.accept("The webhook failed: " + e.getMessage());
        }
    }
}
