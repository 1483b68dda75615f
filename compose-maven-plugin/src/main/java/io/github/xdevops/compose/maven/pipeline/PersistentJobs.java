package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.ComposeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The persistent environments of a pipeline: staging from the default branch, then production and others, which run the images of
 * staging.
 *
 * @param names the names in their order, beginning with {@code staging}
 */
record PersistentJobs(List<String> names) {
    private static final String STAGING = "staging";
    private static final String PRODUCTION = "production";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");

    /** Names of other jobs, stages and environments of the templates. */
    private static final Set<String> TAKEN =
            Set.of(STAGING, "review", "review-build", "review-deploy", "deploy", "down");

    /** Overlays that keep visitors, mail and search engines away from what is not yet in production. */
    private static final Set<String> BEFORE_PRODUCTION = Set.of("basicauth", "maildev", "noindex");

    /**
     * Staging, production and these.
     *
     * @throws ComposeException {@code USAGE} if a name cannot be that of a job and of a host
     */
    static PersistentJobs with(List<String> others) {
        var names = new ArrayList<>(List.of(STAGING, PRODUCTION));
        others.forEach(name -> {
            if (!NAME.matcher(name).matches() || name.endsWith("-") || TAKEN.contains(name)) {
                throw ComposeException.usage(
                        "compose.environments: `" + name
                                + "` must be a name of a-z, 0-9 and -, such as demo or training, and none of the pipeline's own jobs");
            }
            if (!names.contains(name)) {
                names.add(name);
            }
        });
        return new PersistentJobs(List.copyOf(names));
    }

    static boolean promotes(String name) {
        return !name.equals(STAGING);
    }

    /**
     * The parameters of a deploy of one of them.
     *
     * @param options the parameters of all deploys
     * @param built the parameters that name the images which the pipeline has built
     */
    static Map<String, String> options(String name, Map<String, String> options, Map<String, String> built) {
        var own = new TreeMap<>(options);
        if (promotes(name)) {
            own.keySet().removeIf(key -> key.equals("images") || key.matches("services\\.[^.]+\\.(image|module)"));
            own.put("promote", STAGING);
            own.computeIfPresent("home", (key, home) -> homeOf(name, home));
        } else {
            built.forEach(own::putIfAbsent);
        }
        if (name.equals(PRODUCTION)) {
            own.computeIfPresent("overlays", (key, overlays) -> ofProduction(overlays));
        } else {
            own.remove("www");
        }
        return own;
    }

    /** A home belongs to one environment, and names its project. */
    private static String homeOf(String name, String home) {
        return home.endsWith("/" + STAGING)
                ? home.substring(0, home.length() - STAGING.length()) + name
                : home + "-" + name;
    }

    private static @Nullable String ofProduction(String overlays) {
        var kept = Stream.of(overlays.split(","))
                .map(String::strip)
                .filter(overlay -> !BEFORE_PRODUCTION.contains(overlay))
                .collect(Collectors.joining(","));
        return kept.isEmpty() ? null : kept;
    }
}
