package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.ci.Source;
import io.github.xdevops.compose.ci.Source.Fact;
import io.github.xdevops.compose.ci.Source.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One line for each known fact with its origin, for each derived value, and one for the unknown facts. */
public final class WhoamiReport {
    /** The names of the facts. A fact that a pipeline sets may differ from the derived value. */
    private static final Map<Fact, String> NAMES =
            Map.of(Fact.ENVIRONMENT, "fixed name", Fact.SLUG, "fixed slug", Fact.URL, "fixed url");

    private WhoamiReport() {}

    /**
     * Writes the report.
     *
     * @param parameter the parameter that replaces a fact of the source
     * @param registry the registry with a password
     */
    public static String text(
            Source source,
            Environment environment,
            Function<Fact, @Nullable String> parameter,
            @Nullable Finding registry,
            String project,
            String url) {
        var known = new LinkedHashMap<Fact, @Nullable Finding>();
        for (var fact : Fact.values()) {
            known.put(fact, source.said(fact));
        }
        if (source.event() == null) {
            known.remove(Fact.EVENT);
        }
        known.put(
                Fact.REPOSITORY,
                said(environment.repository(), parameter.apply(Fact.REPOSITORY), source.said(Fact.REPOSITORY), "POM"));
        var branch = environment.revision().branch();
        if (branch != null) {
            known.put(Fact.BRANCH, said(branch, parameter.apply(Fact.BRANCH), source.said(Fact.BRANCH), "git"));
        }
        if (registry != null) {
            known.put(Fact.REGISTRY, registry);
        }
        var text = new StringBuilder();
        line(text, "according to", source.origin(), null);
        var unknown = new ArrayList<String>();
        known.forEach((fact, said) -> {
            var name = NAMES.getOrDefault(
                    fact, fact.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            if (said == null) {
                unknown.add(name);
            } else {
                line(text, name, said.value(), said.by());
            }
        });
        line(text, "environment", environment.name(), why(source, environment, parameter));
        line(text, "project", project, null);
        line(text, "url", url, null);
        if (!unknown.isEmpty()) {
            line(text, "not known", String.join(", ", unknown), null);
        }
        return text.toString();
    }

    private static String why(Source source, Environment environment, Function<Fact, @Nullable String> parameter) {
        var said = parameter.apply(Fact.ENVIRONMENT);
        if (said != null) {
            return said;
        }
        var fixed = source.said(Fact.ENVIRONMENT);
        return !environment.named()
                ? "the branch's"
                : fixed != null && fixed.value().equals(environment.name()) ? fixed.by() : "the tag's";
    }

    private static Finding said(String value, @Nullable String parameter, @Nullable Finding said, String otherwise) {
        return new Finding(value, parameter != null ? parameter : said != null ? said.by() : otherwise);
    }

    private static void line(StringBuilder text, String name, String value, @Nullable String by) {
        text.append(String.format("%-15s ", name))
                .append(value.replaceAll("\\p{Cntrl}", "?"))
                .append(by == null ? "" : "  (" + by + ")")
                .append('\n');
    }
}
