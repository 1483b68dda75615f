package io.github.xdevops.compose.it.soak;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One operation; each field has a meaning for some verbs only.
 *
 * @param project from 0, or -1 for all
 * @param url the project whose URL the deploy claims
 * @param other whether the deploy comes from another repository
 * @param sequence the pipeline's; 0 = by hand
 * @param lifetime in seconds
 * @param waits whether the deploy waits until the services are ready
 * @param millis when the interruption comes, counted from the moment that the server's script runs, or the restart, counted from
 *     the beginning of its round
 */
public record Step(
        Verb verb,
        int project,
        Version version,
        int url,
        boolean other,
        long sequence,
        int lifetime,
        boolean waits,
        Interruption interruption,
        int millis) {
    /** What a deploy may take, by which the lease is lengthened before it starts. */
    public static final int BUDGET = 60;

    public static Step of(Verb verb, int project) {
        return new Step(verb, project, Version.A, project, false, 0, 3600, false, Interruption.NONE, 0);
    }

    public static Step deploy(int project, Version version, long sequence, int lifetime) {
        return new Step(
                Verb.DEPLOY,
                project,
                version,
                project,
                false,
                sequence,
                lifetime,
                version == Version.CRASH,
                Interruption.NONE,
                0);
    }

    public static Step extend(int project, int lifetime) {
        return new Step(Verb.EXTEND, project, Version.A, project, false, 0, lifetime, false, Interruption.NONE, 0);
    }

    Step withUrl(int claimed) {
        return new Step(verb, project, version, claimed, other, sequence, lifetime, waits, interruption, millis);
    }

    Step fromElsewhere() {
        return new Step(verb, project, version, url, true, sequence, lifetime, waits, interruption, millis);
    }

    Step waiting() {
        return new Step(verb, project, version, url, other, sequence, lifetime, true, interruption, millis);
    }

    Step with(Interruption how, int when) {
        return new Step(verb, project, version, url, other, sequence, lifetime, waits, how, when);
    }

    /** How long services get to become ready, in seconds. */
    public int ready() {
        return waits ? 20 : 0;
    }

    public Content content() {
        return new Content(version, url);
    }

    static Step parse(String line) {
        var words = line.strip().split(" +");
        var values = Arrays.stream(words)
                .skip(1)
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        var project = Integer.parseInt(values.getOrDefault("project", "-1"));
        return new Step(
                named(Verb.class, words[0]),
                project,
                named(Version.class, values.getOrDefault("version", "a")),
                number(values, "url", project),
                values.getOrDefault("from", "us").equals("elsewhere"),
                number(values, "sequence", 0),
                number(values, "lifetime", 3600),
                values.getOrDefault("waits", "no").equals("yes"),
                named(Interruption.class, values.getOrDefault("interruption", "none")),
                number(values, "after", 0));
    }

    private static int number(Map<String, String> values, String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }

    private static <E extends Enum<E>> E named(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        var text = new StringBuilder(name(verb));
        if (project >= 0) {
            text.append(" project=").append(project);
        }
        if (verb == Verb.DEPLOY) {
            text.append(" version=").append(name(version));
            text.append(url == project ? "" : " url=" + url).append(other ? " from=elsewhere" : "");
            text.append(" sequence=").append(sequence).append(waits ? " waits=yes" : "");
        }
        if (verb == Verb.DEPLOY || verb == Verb.EXTEND) {
            text.append(" lifetime=").append(lifetime);
        }
        if (interruption != Interruption.NONE) {
            text.append(" interruption=").append(name(interruption));
        }
        if (millis > 0) {
            text.append(" after=").append(millis);
        }
        return text.toString();
    }
}
