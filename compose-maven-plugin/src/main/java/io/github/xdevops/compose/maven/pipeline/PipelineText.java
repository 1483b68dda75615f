package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.host.ssh.SshAddress;
import io.github.xdevops.compose.template.TemplateFailure;
import io.github.xdevops.compose.template.Templates;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline made of a template and of what a deploy shall say in it. Values stand in YAML, in Groovy and in commands of a shell, so
 * those that could end what they stand in are refused.
 *
 * @param plugin the plugin's coordinates with its version
 * @param host as {@code compose.host}
 * @param domain as {@code compose.domain}
 * @param lifetime as {@code compose.lifetime}
 * @param repository the repository, where it is known
 * @param connection parameters that every goal needs, by name
 * @param options parameters of a deploy, by name
 * @param secrets names of the pipeline's secrets that these parameters need
 * @param builds the images that the pipeline has to build
 * @param addition whether the project has a pipeline already, which this one is added to
 */
public record PipelineText(
        String plugin,
        String host,
        String domain,
        String lifetime,
        @Nullable String repository,
        Map<String, String> connection,
        Map<String, String> options,
        List<String> secrets,
        List<ImageBuild> builds,
        boolean addition) {
    private static final Pattern HARMLESS = Pattern.compile("[^\\p{Cntrl}\"'`\\\\$]*");
    private static final Pattern OF_PIPELINE = Pattern.compile("\\$([A-Za-z_]\\w*|\\{[A-Za-z_]\\w*})");
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
    private static final Pattern SECRET =
            Pattern.compile("(?i)(env|services)\\..*(pass|secret|token|key|credential|auth).*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** What is about this goal, about one environment, or secret, and so is not for the pipeline's file. */
    private static final Set<String> NOT_FOR_FILE = Set.of(
            "ci",
            "output",
            "skip",
            "host",
            "domain",
            "lifetime",
            "branch",
            "environment",
            "repository",
            "project",
            "url",
            "dryRun",
            "privateKey",
            "knownHosts",
            "serverId",
            "basicAuth",
            "webhook");

    /** What only a persistent environment may have; the overlay {@code www} is another. */
    private static final Set<String> OF_WHAT_STAYS = Set.of("home", "certResolver");

    /** Parameters of a deploy that were said with {@code -D}, without the prefix {@code compose.}. */
    public static Map<String, String> options(Map<String, String> properties, Set<String> connection) {
        var options = new TreeMap<String, String>();
        properties.forEach((name, value) -> {
            var own = name.startsWith("compose.") ? name.substring("compose.".length()) : "";
            if (!own.isEmpty() && !NOT_FOR_FILE.contains(own) && !connection.contains(own)) {
                options.put(own, value);
            }
        });
        return options;
    }

    private void checkHost() {
        harmless("compose.host", host);
        try {
            SshAddress.parse(host);
        } catch (IllegalArgumentException e) {
            throw new ComposeException(Outcome.USAGE, "compose.host: " + e.getMessage(), e);
        }
    }

    /** Names of the pipeline's secrets that parameters need which were said with {@code -D}. */
    public static List<String> secrets(Map<String, String> properties) {
        var names = new TreeSet<String>();
        var overlays = List.of(properties.getOrDefault("compose.overlays", "").split("\\s*,\\s*"));
        if (overlays.contains("basicauth") || properties.containsKey("compose.basicAuth")) {
            names.add("COMPOSE_BASIC_AUTH");
        }
        if (properties.containsKey("compose.registry")) {
            names.addAll(List.of("COMPOSE_REGISTRY_USER", "COMPOSE_REGISTRY_PASSWORD"));
        }
        if (properties.containsKey("compose.webhook")) {
            names.add("COMPOSE_WEBHOOK");
        }
        properties.forEach((name, value) -> {
            if (name.startsWith("compose.")
                    && SECRET.matcher(name.substring("compose.".length())).matches()
                    && OF_PIPELINE.matcher(value).matches()) {
                names.add(value.replaceAll("[${}]", ""));
            }
        });
        return List.copyOf(names);
    }

    /**
     * The whole file.
     *
     * @throws ComposeException {@code USAGE} if a value is not acceptable, {@code DATA} if a template of the project's own fails
     */
    public String render(PipelineKind kind, Templates templates) {
        checkHost();
        var address = Address.parse(domain);
        var lives = Lifetime.parse(lifetime);
        if (lives.isForever()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.lifetime=forever: reviews that never end fill the server; say for example 7d, and keep one"
                            + " that has to stay with compose:pin");
        }
        var model = new HashMap<String, Object>();
        model.put("plugin", plugin);
        model.put("host", host);
        model.put("scheme", address.secure() ? "https" : "http");
        model.put("domain", address.toString().replaceFirst("^https?://", ""));
        model.put("domainUrl", address.secure() ? address.toString() : domain);
        model.put("below", belowOf(address));
        model.put("lifetime", lifetime);
        model.put("autoStop", autoStop(Objects.requireNonNull(lives.duration(), "not for ever")));
        model.put("connection", parameters(connection));
        var reviews = new TreeMap<>(options);
        reviews.keySet().removeAll(OF_WHAT_STAYS);
        reviews.computeIfPresent("overlays", (name, value) -> withoutWww(value));
        if (!reviews.equals(options) && kind != PipelineKind.GITLAB) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.home, compose.certResolver and the overlay www are for persistent environments, and this pipeline has reviews only");
        }
        var built = builtImages(kind);
        built.forEach(reviews::putIfAbsent);
        var staging = new TreeMap<>(options);
        built.forEach(staging::putIfAbsent);
        model.put("options", parameters(reviews));
        model.put("stagingOptions", parameters(staging));
        model.put("secrets", secrets);
        model.put("builds", builds.stream().map(build -> build.commands(kind)).toList());
        model.put("addition", addition);
        try {
            return templates.render("pipelines/" + kind.word(), model);
        } catch (TemplateFailure e) {
            throw new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    /** Without a registry of its own a pipeline sends the images to the server. */
    private Map<String, String> builtImages(PipelineKind kind) {
        var parameters = new TreeMap<String, String>();
        builds.forEach(build -> {
            harmless("The service " + build.service(), build.service());
            build.files().forEach(file -> harmless("The compose file " + file, file));
            parameters.put("services." + build.service() + ".image", build.image(kind));
            if (kind != PipelineKind.GITLAB) {
                parameters.put("images", "transfer");
            }
        });
        return parameters;
    }

    private static @Nullable String withoutWww(String overlays) {
        var others = Stream.of(overlays.split(","))
                .map(String::strip)
                .filter(name -> !name.equals("www"))
                .toList();
        return others.size() == overlays.split(",").length
                ? overlays
                : others.isEmpty() ? null : String.join(",", others);
    }

    /**
     * What follows GitLab's slug of the environment in its URL. A certificate for {@code *.ci.example.com} holds for one label only,
     * and a project's path may have what a host name may not.
     */
    private String belowOf(Address address) {
        var path = repository == null ? "" : repository.substring(repository.lastIndexOf('/') + 1);
        return !address.secure() && LABEL.matcher(path).matches() ? ".$CI_PROJECT_NAME" : "-$CI_PROJECT_ID";
    }

    /** In words that GitLab reads. */
    private static String autoStop(Duration duration) {
        var seconds = duration.toSeconds();
        for (var unit : List.of(Map.entry("day", 86_400), Map.entry("hour", 3600), Map.entry("minute", 60))) {
            if (seconds % unit.getValue() == 0) {
                var count = seconds / unit.getValue();
                return count + " " + unit.getKey() + (count == 1 ? "" : "s");
            }
        }
        return seconds + " seconds";
    }

    private static List<String> parameters(Map<String, String> named) {
        return named.entrySet().stream()
                .map(one -> word(one.getKey(), one.getValue()))
                .toList();
    }

    /** The parameter as a shell takes it. In double quotes the pipeline's own variables are filled in. */
    private static String word(String name, String value) {
        if (SECRET.matcher(name).matches() && !OF_PIPELINE.matcher(value).matches()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose." + name
                            + " sounds like a secret, which would stand in the pipeline's file; keep it in a variable of"
                            + " the pipeline, and set -Dcompose." + name + "='$NAME_OF_THE_VARIABLE'");
        }
        harmless("The name of compose." + name, name);
        harmless("compose." + name, OF_PIPELINE.matcher(value).replaceAll(""));
        var assigned = "-Dcompose." + name + "=" + value;
        return PLAIN.matcher(assigned).matches() ? assigned : '"' + assigned + '"';
    }

    private static void harmless(String parameter, String value) {
        if (!HARMLESS.matcher(value).matches()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    parameter
                            + " has a quote, backslash, dollar or control character, which a pipeline's file would not carry;"
                            + " write it into the plugin's <configuration> in the POM, and call compose:ci without it");
        }
    }
}
