package io.github.xdevops.compose.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The page that explains errors. Its headings are parts of messages, and it is in this plugin's jar. */
final class Troubleshooting {
    static final String PAGE = "https://github.com/xdevops/compose/blob/main/docs/troubleshooting.md";

    private Troubleshooting() {}

    /** Where the page explains this message; {@code null} if it does not. */
    static @Nullable String page(String message) {
        try (var in = Troubleshooting.class.getResourceAsStream("troubleshooting.md")) {
            return in == null ? null : page(message, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return null; // the message is more important
        }
    }

    /** The longest heading that the message has: the shorter ones are more general. */
    static @Nullable String page(String message, String markdown) {
        String best = null;
        for (var line : markdown.split("\n")) {
            if (line.startsWith("### `") && line.endsWith("`")) {
                var heading = line.substring("### `".length(), line.length() - 1);
                if (message.contains(heading) && (best == null || heading.length() > best.length())) {
                    best = heading;
                }
            }
        }
        return best == null ? null : PAGE + "#" + anchor(best);
    }

    /** As GitHub makes them of headings. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
