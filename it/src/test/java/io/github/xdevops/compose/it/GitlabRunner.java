package io.github.xdevops.compose.it;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A project on GitLab with one runner, as far as the pipeline that {@code compose:ci} writes asks for. */
final class GitlabRunner {
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{\\w+})");
    private static final int LONGEST_SLUG = 24;

    private final Map<?, ?> pipeline;
    private final JobShell shell;
    private final Map<String, String> settings;
    /** Greater than those of an earlier test on the same server, which remembers them. */
    private long pipelines = Instant.now().getEpochSecond();

    /** @param settings the variables of the project's settings */
    GitlabRunner(Path file, JobShell shell, Map<String, String> settings) throws IOException {
        this.pipeline = JobShell.yaml(file);
        this.shell = shell;
        this.settings = settings;
    }

    /** A job that is part of a pipeline. */
    record Job(
            String name, boolean manual, String environment, String url, String onStop, Map<String, String> variables) {
        boolean hasCheckout() {
            return !"none".equals(variables.get("GIT_STRATEGY"));
        }
    }

    /** The jobs of a pipeline for a branch, in the order of their stages. */
    List<Job> pipeline(String project, String branch) {
        return jobs(predefined(project, branch));
    }

    /** The jobs of a pipeline for a tag. */
    List<Job> pipelineOfTag(String project, String tag) {
        var predefined = predefined(project, tag);
        predefined.put("CI_COMMIT_TAG", predefined.remove("CI_COMMIT_BRANCH"));
        return jobs(predefined);
    }

    private List<Job> jobs(Map<String, String> predefined) {
        var stages = (List<?>) pipeline.get("stages");
        return pipeline.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Map<?, ?> job && job.containsKey("script"))
                .sorted((one, other) -> Integer.compare(
                        stages.indexOf(((Map<?, ?>) one.getValue()).get("stage")),
                        stages.indexOf(((Map<?, ?>) other.getValue()).get("stage"))))
                .map(entry -> job(String.valueOf(entry.getKey()), predefined))
                .filter(job -> job != null)
                .toList();
    }

    /** Runs it in a fresh directory, and says what it printed. */
    String run(Job job) throws IOException {
        var directory = shell.directory(job.hasCheckout());
        var variables = new TreeMap<>(job.variables);
        variables.put("CI_PROJECT_DIR", directory.toString());
        var script = ((List<?>) ((Map<?, ?>) pipeline.get(job.name)).get("script"))
                .stream().map(String::valueOf).collect(Collectors.joining("\n"));
        return shell.run(directory, script, expanded(variables));
    }

    private Job job(String name, Map<String, String> predefined) {
        var job = (Map<?, ?>) pipeline.get(name);
        Map<?, ?> rule = null;
        for (var candidate : (List<?>) job.get("rules")) {
            var condition = String.valueOf(((Map<?, ?>) candidate).get("if"));
            if (rule == null && JobCondition.holds(condition, n -> predefined.getOrDefault(n.substring(1), ""))) {
                rule = (Map<?, ?>) candidate;
            }
        }
        if (rule == null) {
            return null;
        }
        var variables = new TreeMap<>(settings);
        for (var own : new Map<?, ?>[] {(Map<?, ?>) pipeline.get("variables"), (Map<?, ?>) job.get("variables")}) {
            if (own != null) {
                own.forEach((key, value) -> variables.put(String.valueOf(key), String.valueOf(value)));
            }
        }
        variables.putAll(predefined);
        var environment = (Map<?, ?>) job.get("environment");
        var environmentName = expand(String.valueOf(environment.get("name")), variables);
        variables.put("CI_JOB_NAME", name);
        variables.put("CI_ENVIRONMENT_NAME", environmentName);
        variables.put("CI_ENVIRONMENT_SLUG", slug(environmentName));
        var url = environment.get("url") == null ? null : expand(String.valueOf(environment.get("url")), variables);
        if (url != null) {
            variables.put("CI_ENVIRONMENT_URL", url);
        }
        if (environment.get("action") != null) {
            variables.put("CI_ENVIRONMENT_ACTION", String.valueOf(environment.get("action")));
        }
        return new Job(
                name,
                "manual".equals(rule.get("when")),
                environmentName,
                url,
                (String) environment.get("on_stop"),
                variables);
    }

    private Map<String, String> predefined(String project, String branch) {
        var number = Long.toString(++pipelines);
        var name = project.substring(project.lastIndexOf('/') + 1);
        var all = new LinkedHashMap<String, String>();
        all.put("CI", "true");
        all.put("GITLAB_CI", "true");
        all.put("CI_PROJECT_ID", "42");
        all.put("CI_PROJECT_NAME", name);
        all.put("CI_PROJECT_PATH", project);
        all.put("CI_PROJECT_PATH_SLUG", refSlug(project));
        all.put("CI_DEFAULT_BRANCH", "main");
        all.put("CI_COMMIT_BRANCH", branch);
        all.put("CI_COMMIT_REF_NAME", branch);
        all.put("CI_COMMIT_REF_SLUG", refSlug(branch));
        all.put("CI_COMMIT_SHA", "0123456789abcdef0123456789abcdef01234567");
        all.put("CI_COMMIT_SHORT_SHA", "01234567");
        all.put("CI_PIPELINE_ID", "100" + number);
        all.put("CI_PIPELINE_IID", number);
        all.put("CI_PIPELINE_SOURCE", "push");
        all.put("CI_PIPELINE_URL", "https://gitlab.example/" + project + "/-/pipelines/100" + number);
        all.put("GITLAB_USER_LOGIN", "ann");
        return all;
    }

    /** As GitLab makes it from the name of an environment. */
    static String slug(String name) {
        var slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        if (!slug.matches("[a-z].*")) {
            slug = "env-" + slug;
        }
        slug = slug.replaceAll("-+", "-");
        if (slug.length() <= LONGEST_SLUG && slug.equals(name)) {
            return slug.replaceFirst("-$", "");
        }
        var start = slug.substring(0, Math.min(slug.length(), 17));
        var hash = new BigInteger(1, sha256(name)).toString(36);
        return start + (start.endsWith("-") ? "" : "-") + hash.substring(hash.length() - 6);
    }

    private static String refSlug(String text) {
        var slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        return slug.substring(0, Math.min(slug.length(), 63)).replaceAll("^-+|-+$", "");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> expanded(Map<String, String> variables) {
        var all = new TreeMap<String, String>();
        variables.forEach((name, value) -> all.put(name, expand(value, variables)));
        return all;
    }

    private static String expand(String text, Map<String, String> variables) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        variables.getOrDefault(found.group(1).replaceAll("[{}]", ""), "")));
    }
}
