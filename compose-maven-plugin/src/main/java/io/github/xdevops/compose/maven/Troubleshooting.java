package io.github.xdevops.compose.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The page that explains errors, from this plugin's jar. Its headings are parts of messages. */
final class Troubleshooting {
    static final String PAGE = "https://github.com/xdevops/compose/blob/main/docs/troubleshooting.md";

    private Troubleshooting() {}

    /** The link to the explanation of this message; {@code null} if there is none. */
    static @Nullable String page(String message) {
        try (var in = Troubleshooting.class.getResourceAsStream("troubleshooting.md")) {
            return in == null ? null : page(message, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return null; // the message is more important
        }
    }

    /** Finds the longest heading in the message: shorter ones are more general. */
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

    /** The anchor that GitHub creates for a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
