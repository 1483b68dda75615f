package io.github.xdevops.compose.maven.report;

import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Revision;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Deployed;
import io.github.xdevops.compose.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a deploy, for people and programs. */
public final class DeployReport {
    private final Stack stack;
    private final Deployed deployed;
    private final String host;
    private final Map<String, Duration> phases;

    public DeployReport(Stack stack, Deployed deployed, Map<String, Duration> phases, String host) {
        this.stack = stack;
        this.deployed = deployed;
        this.host = host;
        this.phases = phases;
    }

    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("");
        deployed.urls().forEach(url -> lines.add("  " + url));
        lines.add("  " + (deployed.changed() ? "deployed" : "unchanged, lease renewed") + "; "
                + expiry(deployed.expires(), Instant.now()));
        var times = new ArrayList<String>();
        phases.forEach((phase, time) -> times.add(phase + " " + seconds(time)));
        lines.add("  " + String.join(", ", times));
        lines.add("");
        return lines;
    }

    /** The variables for the environment of later steps; values without blanks, quotes and line ends. */
    public Map<String, String> variables() {
        var all = new LinkedHashMap<String, String>();
        all.put("COMPOSE_PROJECT", stack.project());
        var url = url();
        if (url != null) {
            all.put("COMPOSE_URL", url);
        }
        if (deployed.expires() != null) {
            all.put("COMPOSE_EXPIRES", deployed.expires().toString());
        }
        all.put("COMPOSE_GENERATION", Long.toString(deployed.generation()));
        all.put("COMPOSE_CHANGED", Boolean.toString(deployed.changed()));
        return all;
    }

    /** The main URL. */
    @Nullable
    public String url() {
        return deployed.urls().isEmpty() ? null : deployed.urls().get(0);
    }

    public String project() {
        return stack.project();
    }

    public List<String> urls() {
        return deployed.urls();
    }

    public String environment() {
        return stack.environment().name();
    }

    /** The chat message. */
    public String sentence() {
        return environment() + " of " + stack.environment().repository() + " is "
                + (deployed.changed() ? "deployed" : "unchanged")
                + (url() == null ? "" : ": " + url()) + " ("
                + expiry(deployed.expires(), Instant.now()) + ")"
                + origin(stack.environment().revision());
    }

    /** The origin, on a separate line: commit, message, author and the pipeline's page, as far as they are known. */
    private static String origin(Revision revision) {
        var words = new ArrayList<String>();
        if (revision.commit() != null) {
            words.add(brief(revision.commit()));
        }
        if (revision.message() != null) {
            words.add(revision.message());
        }
        if (revision.author() != null) {
            words.add("by " + revision.author());
        }
        if (revision.pipeline() != null) {
            words.add(revision.pipeline());
        }
        return words.isEmpty() ? "" : "\n" + String.join(" ", words).replaceAll("\\p{Cntrl}", "?");
    }

    private static String brief(String commit) {
        return commit.substring(0, Math.min(12, commit.length()));
    }

    /** The chat message for a failure: the first line of the reason. */
    public static String failure(@Nullable Environment environment, RuntimeException cause) {
        return "The deploy"
                + (environment == null ? "" : " of " + environment.name() + " of " + environment.repository())
                + " failed: " + firstLine(cause)
                + (environment == null ? "" : origin(environment.revision()));
    }

    private static String firstLine(RuntimeException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** The chat message for a failed removal. */
    public static String failedGoodbye(Environment environment, RuntimeException cause) {
        return "The teardown of " + environment.name() + " of " + environment.repository() + " failed: "
                + firstLine(cause) + origin(environment.revision());
    }

    /** The chat message for a removal. */
    public static String goodbye(Environment environment, String project) {
        return environment.name() + " of " + environment.repository() + " is gone (" + project + ")"
                + origin(environment.revision());
    }

    public String markdown() {
        var text = new StringBuilder("### ")
                .append(code(environment()))
                .append('\n')
                .append('\n');
        deployed.urls().forEach(url -> text.append("- <").append(url).append(">\n"));
        text.append("- ").append(expiry(deployed.expires(), Instant.now())).append('\n');
        text.append("- project ")
                .append(code(stack.project()))
                .append(", deploy ")
                .append(deployed.generation())
                .append(", ")
                .append(deployed.changed() ? "changed" : "unchanged");
        var revision = stack.environment().revision();
        if (revision.commit() != null) {
            text.append(", commit ").append(code(revision.commit()));
        }
        text.append('\n');
        var message = revision.message();
        if (message != null || revision.author() != null) {
            text.append("- ")
                    .append(message == null ? "" : code(message))
                    .append(message == null || revision.author() == null ? "" : " ")
                    .append(revision.author() == null ? "" : "by " + code(revision.author()))
                    .append('\n');
        }
        if (revision.pipeline() != null && revision.pipeline().matches("https?://[!-;=?-~]+")) {
            text.append("- job <").append(revision.pipeline()).append(">\n");
        }
        return text.toString();
    }

    /** The comment for a removed environment. */
    public static String gone(String environment, String project) {
        return "### " + code(environment) + "\n\n- is gone\n- project " + code(project) + "\n";
    }

    /** Formats a branch's name as code, because it may be Markdown or HTML. Backticks are removed. */
    private static String code(String text) {
        return "`" + Printable.line(text.replaceAll("[`\\p{Cntrl}]", "?")) + "`";
    }

    public Map<String, @Nullable Object> json() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("project", stack.project());
        json.put("repository", stack.environment().repository());
        json.put("environment", environment());
        json.put("branch", stack.environment().revision().branch());
        json.put("commit", stack.environment().revision().commit());
        json.put("author", stack.environment().revision().author());
        json.put("message", stack.environment().revision().message());
        json.put("pipeline", stack.environment().revision().pipeline());
        json.put("host", host);
        json.put("url", url());
        json.put("urls", deployed.urls());
        json.put(
                "expires",
                deployed.expires() == null ? null : deployed.expires().toString());
        json.put("generation", deployed.generation());
        json.put("changed", deployed.changed());
        var millis = new LinkedHashMap<String, Object>();
        phases.forEach((phase, time) -> millis.put(phase, time.toMillis()));
        json.put("milliseconds", millis);
        return json;
    }

    public static String expiry(@Nullable Instant expires, Instant now) {
        return expires == null
                ? "never expires"
                : "expires " + expires + " (in " + Durations.brief(Duration.between(now, expires)) + ")";
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }
}
