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
import org.jspecify.annotations.Nullable;

/**
 * Renders a pipeline from a template and the parameters of a deploy. Values appear in YAML, in Groovy and in shell commands, so
 * values that could end their context are refused.
 *
 * @param plugin the plugin's coordinates with its version
 * @param host as {@code compose.host}
 * @param domain as {@code compose.domain}
 * @param lifetime as {@code compose.lifetime}
 * @param repository the repository, if it is known
 * @param connection parameters that every goal needs, by name
 * @param options parameters of a deploy, by name
 * @param secrets names of the pipeline's secrets that these parameters need
 * @param builds the images that the pipeline has to build
 * @param environments further persistent environments, which run the images of staging
 * @param addition whether it is added to an existing pipeline
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
        List<String> environments,
        boolean addition) {
    private static final Pattern HARMLESS = Pattern.compile("[^\\p{Cntrl}\"'`\\\\$]*");
    private static final Pattern OF_PIPELINE = Pattern.compile("\\$([A-Za-z_]\\w*|\\{[A-Za-z_]\\w*})");
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
    private static final Pattern SECRET =
            Pattern.compile("(?i)(env|services)\\..*(pass|secret|token|key|credential|auth).*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Parameters for this goal, for one environment, or secret; they are not written to the pipeline. */
    private static final Set<String> NOT_FOR_FILE = Set.of(
            "ci",
            "output",
            "skip",
            "host",
            "domain",
            "lifetime",
            "branch",
            "environment",
            "environments",
            "repository",
            "project",
            "url",
            "dryRun",
            "privateKey",
            "knownHosts",
            "serverId",
            "basicAuth",
            "webhook");

    /** Parameters for persistent environments only. */
    private static final Set<String> OF_WHAT_STAYS = Set.of("home", "certResolver", "www");

    /** The parameters of a deploy that were set with {@code -D}, without the prefix {@code compose.}. */
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

    /** The names of the pipeline's secrets that the parameters need. */
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
     * Renders the whole file.
     *
     * @throws ComposeException {@code USAGE} if a value is invalid, {@code DATA} if a template of the project's own fails
     */
    public String render(PipelineKind kind, Templates templates) {
        checkHost();
        var address = Address.parse(domain);
        var lives = Lifetime.parse(lifetime);
        if (lives.isForever()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose.lifetime=forever would fill the server with reviews; set for example 7d, and keep single"
                            + " environments with compose:pin");
        }
        var model = new HashMap<String, Object>();
        model.put("plugin", plugin);
        model.put("host", host);
        model.put("scheme", address.secure() ? "https" : "http");
        model.put("domain", address.toString().replaceFirst("^https?://", ""));
        model.put("below", belowOf(address));
        model.put("lifetime", lifetime);
        model.put("autoStop", autoStop(Objects.requireNonNull(lives.duration(), "not for ever")));
        model.put("connection", parameters(connection));
        var reviews = new TreeMap<>(options);
        reviews.keySet().removeAll(OF_WHAT_STAYS);
        var built = builtImages(kind);
        built.forEach(reviews::putIfAbsent);
        model.put("options", parameters(reviews));
        model.put(
                "environments",
                PersistentJobs.with(environments).names().stream()
                        .map(name -> Map.of(
                                "name",
                                name,
                                "promotes",
                                PersistentJobs.promotes(name),
                                "options",
                                parameters(PersistentJobs.options(name, options, built))))
                        .toList());
        model.put("secrets", secrets);
        model.put("builds", builds.stream().map(build -> build.commands(kind)).toList());
        model.put("addition", addition);
        try {
            return templates.render("pipelines/" + kind.word(), model);
        } catch (TemplateFailure e) {
            throw new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    /** The services' images. Without a registry, the pipeline transfers them to the server. */
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

    /**
     * The part of the URL after GitLab's slug of the environment. A certificate for {@code *.ci.example.com} covers one label
     * only, and a project's path may contain characters that a host name may not.
     */
    private String belowOf(Address address) {
        var path = repository == null ? "" : repository.substring(repository.lastIndexOf('/') + 1);
        return !address.secure() && LABEL.matcher(path).matches() ? ".$CI_PROJECT_NAME" : "-$CI_PROJECT_ID";
    }

    /** A duration in GitLab's syntax. */
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

    /** A parameter as a word of a shell. In double quotes, the pipeline's own variables are expanded. */
    private static String word(String name, String value) {
        if (SECRET.matcher(name).matches() && !OF_PIPELINE.matcher(value).matches()) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose." + name
                            + " sounds like a secret, which would be readable in the pipeline's file; keep it in a variable of"
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
                            + " has a quote, backslash, dollar or control character, which a pipeline's file cannot contain;"
                            + " set it in the plugin's <configuration> in the POM, and call compose:ci without it");
        }
    }
}
