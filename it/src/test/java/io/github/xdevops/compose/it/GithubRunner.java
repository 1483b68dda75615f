package io.github.xdevops.compose.it;

import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A repository on GitHub with one runner, as far as the workflow that {@code compose:ci} writes asks for. */
final class GithubRunner {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}");

    private final Map<?, ?> workflow;
    private final JobShell shell;
    private final Map<String, Object> settings;
    /** Greater than those of an earlier test on the same server, which remembers them. */
    private long runs = Instant.now().getEpochSecond();

    /** @param settings the contexts {@code secrets} and {@code vars} */
    GithubRunner(Path file, JobShell shell, Map<String, Object> settings) throws IOException {
        this.workflow = JobShell.yaml(file);
        this.shell = shell;
        this.settings = settings;
    }

    /** A job that was run, and what its environment's name and URL came to. */
    record Ran(String job, String environment, String url, String out) {}

    /** An event happens; the jobs that it runs. */
    List<Ran> happens(String name, Map<String, ?> event) throws IOException {
        var runs = new ArrayList<Ran>();
        if (!isAwaited(name, event)) {
            return runs;
        }
        var contexts = new TreeMap<>(settings);
        contexts.put("github", github(name, event));
        for (var entry : ((Map<?, ?>) workflow.get("jobs")).entrySet()) {
            var job = (Map<?, ?>) entry.getValue();
            var condition = job.get("if");
            if (condition == null
                    || JobCondition.holds(String.valueOf(condition), path -> text(contexts, path.split("\\.")))) {
                runs.add(run(String.valueOf(entry.getKey()), job, contexts));
            }
        }
        return runs;
    }

    private boolean isAwaited(String name, Map<String, ?> event) {
        var awaited = (Map<?, ?>) workflow.get("on");
        if (!awaited.containsKey(name)) {
            return false;
        }
        var types = awaited.get(name) instanceof Map<?, ?> filter ? (List<?>) filter.get("types") : null;
        return types == null || types.contains(event.get("action"));
    }

    private Ran run(String name, Map<?, ?> job, Map<String, Object> contexts) throws IOException {
        var steps = (List<?>) job.get("steps");
        var directory = shell.directory(steps.stream()
                .anyMatch(step -> String.valueOf(((Map<?, ?>) step).get("uses")).startsWith("actions/checkout@")));
        var outputs = new LinkedHashMap<String, Object>();
        var all = new TreeMap<>(contexts);
        all.put("steps", outputs);
        var printed = new StringBuilder();
        for (var each : steps) {
            var step = (Map<?, ?>) each;
            if (step.get("run") == null) {
                continue;
            }
            var output = Files.createTempFile(directory, "output", null);
            var variables = variables(contexts);
            variables.put("GITHUB_OUTPUT", output.toString());
            putAll(variables, workflow.get("env"), all);
            putAll(variables, step.get("env"), all);
            printed.append(shell.run(directory, expand(String.valueOf(step.get("run")), all), variables));
            if (step.get("id") != null) {
                var said = new LinkedHashMap<String, Object>();
                Files.readAllLines(output).forEach(line -> said.put(line.split("=", 2)[0], line.split("=", 2)[1]));
                outputs.put(String.valueOf(step.get("id")), Map.of("outputs", said));
            }
        }
        var environment = job.get("environment") instanceof Map<?, ?> map ? map : Map.of();
        return new Ran(
                name,
                expand(String.valueOf(environment.get("name")), all),
                expand(String.valueOf(environment.get("url")), all),
                printed.toString());
    }

    private Map<String, Object> github(String name, Map<String, ?> event) {
        var github = new LinkedHashMap<String, Object>();
        github.put("event_name", name);
        github.put("event", event);
        github.put("repository", text(event, "repository", "full_name"));
        github.put("head_ref", text(event, "pull_request", "head", "ref"));
        github.put("ref_type", text(event, "ref").startsWith("refs/tags/") ? "tag" : "branch");
        github.put("ref_name", text(event, "ref").replaceFirst("^refs/(heads|tags)/", ""));
        return github;
    }

    /** On the deletion of a branch the reference is the default branch; on a request, the request's. */
    private Map<String, String> variables(Map<String, Object> contexts) {
        var github = (Map<?, ?>) contexts.get("github");
        var event = (Map<?, ?>) github.get("event");
        var number = text(event, "number");
        var run = Long.toString(++runs);
        var branch = text(event, "repository", "default_branch");
        var all = new TreeMap<String, String>();
        all.put("CI", "true");
        all.put("GITHUB_ACTIONS", "true");
        all.put("GITHUB_ACTOR", "ann");
        all.put("GITHUB_BASE_REF", number.isEmpty() ? "" : branch);
        all.put("GITHUB_EVENT_NAME", String.valueOf(github.get("event_name")));
        all.put(
                "GITHUB_EVENT_PATH",
                shell.file("event-" + run + ".json", Json.write(event)).toString());
        all.put("GITHUB_HEAD_REF", String.valueOf(github.get("head_ref")));
        var isTag = "tag".equals(github.get("ref_type"));
        all.put("GITHUB_REF_TYPE", isTag ? "tag" : "branch");
        all.put(
                "GITHUB_REF",
                isTag
                        ? text(event, "ref")
                        : number.isEmpty() ? "refs/heads/" + branch : "refs/pull/" + number + "/merge");
        all.put(
                "GITHUB_REF_NAME",
                isTag ? String.valueOf(github.get("ref_name")) : number.isEmpty() ? branch : number + "/merge");
        all.put("GITHUB_REPOSITORY", String.valueOf(github.get("repository")));
        all.put("GITHUB_RUN_ID", run);
        all.put("GITHUB_RUN_NUMBER", "1");
        all.put("GITHUB_SERVER_URL", "https://github.example");
        all.put("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567");
        return all;
    }

    private static void putAll(Map<String, String> variables, Object own, Map<String, ?> contexts) {
        if (own instanceof Map<?, ?> map) {
            map.forEach((name, value) -> variables.put(String.valueOf(name), expand(String.valueOf(value), contexts)));
        }
    }

    private static String expand(String text, Map<String, ?> contexts) {
        return EXPRESSION
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        JobCondition.value(found.group(1), path -> text(contexts, path.split("\\.")))));
    }

    private static String text(Map<?, ?> map, String... path) {
        Object found = map;
        for (var name : path) {
            found = found instanceof Map<?, ?> at ? at.get(name) : null;
        }
        return found == null || found instanceof Map<?, ?> ? "" : String.valueOf(found);
    }
}
