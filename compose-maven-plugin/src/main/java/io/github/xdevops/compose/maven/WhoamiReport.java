package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.ci.Source;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** A line for each thing that is known, for people and for {@code grep}. */
final class WhoamiReport {
    private WhoamiReport() {}

    static String text(Source source, Environment environment, String project, String url) {
        var lines = new LinkedHashMap<String, @Nullable String>();
        lines.put("according to", source.origin());
        lines.put("repository", environment.repository());
        lines.put("branch", environment.revision().branch());
        lines.put("default branch", source.defaultBranch());
        lines.put("fork", source.fork());
        lines.put("request", source.request());
        lines.put("commit", environment.revision().commit());
        lines.put("author", environment.revision().author());
        lines.put("pipeline", environment.revision().pipeline());
        lines.put("sequence", source.sequence() == 0 ? null : Long.toString(source.sequence()));
        lines.put("environment", environment.name());
        lines.put("project", project);
        lines.put("url", url);
        var text = new StringBuilder();
        lines.forEach((name, value) -> text.append(String.format("%-15s ", name))
                .append(value == null ? "not known" : value.replaceAll("\\p{Cntrl}", "?"))
                .append('\n'));
        return text.toString();
    }
}
