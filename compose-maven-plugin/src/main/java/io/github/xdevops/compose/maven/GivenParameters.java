package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.text.Suggestion;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/** Refuses unknown parameters and invalid booleans. Maven would ignore the former and read the latter as false. */
final class GivenParameters {
    private static final String PREFIX = "compose.";

    /** Prefixes whose rest the user chooses. */
    private static final Set<String> FAMILIES = Set.of("env", "services");

    /** Properties that goals read themselves, because Maven's debug log shows parameters; and one that a deploy sets. */
    private static final Set<String> WITHOUT_PARAMETER = Set.of("basicAuth", "webhook", "deployed.url");

    /** The successors of parameters from before the first release. */
    private static final Map<String, String> FORMER = Map.ofEntries(
            Map.entry("check", "compose.urlCheck"),
            Map.entry("wait", "compose.readyTimeout"),
            Map.entry("envFile", "compose.envFiles"),
            Map.entry("sequence", "compose.order=any` or `compose.order=reset"),
            Map.entry("forks", "compose.allowForks=true"),
            Map.entry("slug", "compose.url"),
            Map.entry("profiles", "compose.env.COMPOSE_PROFILES"),
            Map.entry("logDriver", "compose.services.SERVICE.logging.driver"),
            Map.entry("overwrite", "compose.output=-"),
            Map.entry("secrets", "compose.output=FILE"),
            Map.entry("gate.exec", "compose.gate.allow=exec"),
            Map.entry("gate.persistent", "compose.gate.allow=persistent"),
            Map.entry("gate.home", "compose.gate.allow=home:DIRECTORY"));

    private final MavenSession session;
    private final MojoExecution execution;
    private final @Nullable MavenProject module;

    GivenParameters(MavenSession session, MojoExecution execution, @Nullable MavenProject module) {
        this.session = session;
        this.execution = execution;
        this.module = module;
    }

    /** @throws ComposeException {@code USAGE} naming the parameter, and the nearest that there is */
    void check() {
        var goal = execution.getMojoDescriptor();
        if (goal == null || goal.getPluginDescriptor() == null) {
            return;
        }
        var properties = new TreeSet<>(WITHOUT_PARAMETER);
        var fields = new TreeSet<String>();
        for (var mojo : goal.getPluginDescriptor().getMojos()) {
            for (var parameter : parameters(mojo)) {
                fields.add(parameter.getName());
                property(parameter).ifPresent(properties::add);
            }
        }
        refuseUnknown(session.getUserProperties(), properties, true);
        refuseUnknown(session.getSystemProperties(), properties, true);
        if (module != null) {
            // A POM may have properties of its own with this prefix.
            refuseUnknown(module.getProperties(), properties, false);
            refuseUnknownFields(module, fields);
        }
        refuseDryRunOf(goal);
        parameters(goal).stream()
                .filter(parameter -> parameter.getType().equals("boolean"))
                .forEach(this::requireBoolean);
    }

    private static Collection<Parameter> parameters(MojoDescriptor goal) {
        return goal.getParameters() == null ? Set.of() : goal.getParameters();
    }

    private static Optional<String> property(Parameter parameter) {
        return Optional.ofNullable(parameter.getExpression())
                .filter(expression -> expression.startsWith("${" + PREFIX) && expression.endsWith("}"))
                .map(expression -> expression.substring(("${" + PREFIX).length(), expression.length() - 1));
    }

    private static void refuseUnknown(Properties given, Set<String> known, boolean all) {
        for (var name : new TreeSet<>(given.stringPropertyNames())) {
            if (name.startsWith(PREFIX)) {
                objection(name.substring(PREFIX.length()), known, all).ifPresent(text -> {
                    throw new ComposeException(Outcome.USAGE, text);
                });
            }
        }
    }

    /** The objection to a parameter's name, without {@code compose.}; with {@code all}, also if no known name is near. */
    static Optional<String> objection(String name, Set<String> known, boolean all) {
        if (known.contains(name) || name.matches("env\\.[^.].*|services\\.[^.]+\\..+")) {
            return Optional.empty();
        }
        var near = FORMER.get(name);
        if (near == null) {
            near = Suggestion.nearest(name, known)
                    .or(() -> ofFamily(name))
                    .map(PREFIX::concat)
                    .orElse(null);
        }
        if (near == null && !all) {
            return Optional.empty();
        }
        return Optional.of("unknown parameter " + PREFIX + name
                + (near == null
                        ? "; mvn compose:help -Ddetail lists those of each goal"
                        : "; did you mean `" + near + "`?"));
    }

    /** Suggests {@code services.web.image} for {@code service.web.image}. */
    private static Optional<String> ofFamily(String name) {
        var end = name.indexOf('.');
        return end < 0
                ? Optional.empty()
                : Suggestion.nearest(name.substring(0, end), FAMILIES).map(family -> family + name.substring(end));
    }

    private void refuseUnknownFields(MavenProject project, Set<String> known) {
        var plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null) {
            return;
        }
        var all = new TreeMap<String, Object>();
        if (plugin.getConfiguration() != null) {
            all.put("", plugin.getConfiguration());
        }
        plugin.getExecutions().stream()
                .filter(one -> one.getConfiguration() != null)
                .forEach(one -> all.put(one.getId(), one.getConfiguration()));
        for (var configuration : all.values()) {
            if (configuration instanceof Xpp3Dom dom) {
                for (var child : dom.getChildren()) {
                    if (!known.contains(child.getName())) {
                        throw new ComposeException(
                                Outcome.USAGE,
                                "unknown parameter <" + child.getName() + "> in the plugin's <configuration>"
                                        + Suggestion.nearest(child.getName(), known)
                                                .map(name -> "; did you mean `" + name + "`?")
                                                .orElse(""));
                    }
                }
            }
        }
    }

    /** Refuses a dry run of a goal that would change something. */
    private void refuseDryRunOf(MojoDescriptor goal) {
        if ("true".equals(session.getUserProperties().getProperty("compose.dryRun"))
                && parameters(goal).stream().noneMatch(one -> one.getName().equals("dryRun"))) {
            throw new ComposeException(
                    Outcome.USAGE,
                    "compose:" + goal.getGoal() + " has no dry run (compose.dryRun); nothing was changed");
        }
    }

    private void requireBoolean(Parameter parameter) {
        var configuration = execution.getConfiguration();
        var given = configuration == null ? null : configuration.getChild(parameter.getName());
        if (given == null || given.getValue() == null) {
            return;
        }
        Object value;
        try {
            value = new PluginParameterExpressionEvaluator(session, execution).evaluate(given.getValue());
        } catch (ExpressionEvaluationException e) {
            return; // Maven says it
        }
        if (value != null && !String.valueOf(value).matches("(?i)true|false")) {
            throw new ComposeException(
                    Outcome.USAGE,
                    property(parameter).map(PREFIX::concat).orElse(parameter.getName()) + " = `" + value
                            + "` is neither true nor false");
        }
    }
}
