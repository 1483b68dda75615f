package io.github.xdevops.compose.render;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Routers of a service that is replaced start-first have its generation in their names and priorities. So an old and a new
 * version have routers side by side, and the new one gets the requests. Here it is 0; the server, which counts
 * them, writes the number in ({@code deploy/generations.awk}).
 */
public final class Generations {
    private static final Pattern LABEL =
            Pattern.compile("(?m)^ {6}\"(?:traefik\\.http\\.|io\\.github\\.xdevops\\.compose\\.generation\").*$");
    private static final Pattern NAME = Pattern.compile("(__[0-9]+g)[0-9]+");
    private static final Pattern PRIORITY = Pattern.compile("(\\.priority\": \"[0-9]+)[0-9]{6}\"");
    private static final Pattern NUMBER = Pattern.compile("(\\.generation\": \")[0-9]+\"");

    /** The text that the server writes if it has no journald ({@code deploy/upload.sh}). */
    private static final String CAPPED = """
                x-logging: "journald, or files"
                logging:
                  driver: "json-file"
                  options:
                    max-size: "10m"
                    max-file: "5"
            """;

    private static final String JOURNALD = """
                x-logging: "journald, or files"
                logging:
                  driver: "journald"
            """;

    private Generations() {}

    /** The name of a router. */
    static String router(String project, int index, boolean startsFirst) {
        // Traefik's own names have no underscore in them, and no project has two, so this is nobody else's.
        return project + "__" + index + (startsFirst ? "g0" : "");
    }

    /** The length of the rule, as in Traefik's own order, and six digits for the generation. */
    static String priority(String rule) {
        return Math.min(rule.length(), 2000) + "000000";
    }

    /** Returns a compose file of the server as it was sent: without its generations, and with journald. */
    public static String asSent(String file) {
        return LABEL.matcher(file.replace(CAPPED, JOURNALD)).replaceAll(label -> {
            var line = NAME.matcher(label.group()).replaceAll("$10");
            line = PRIORITY.matcher(line).replaceAll("$1000000\"");
            return Matcher.quoteReplacement(NUMBER.matcher(line).replaceAll("$10\""));
        });
    }
}
