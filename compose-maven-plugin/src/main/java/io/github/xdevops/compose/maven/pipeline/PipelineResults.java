package io.github.xdevops.compose.maven.pipeline;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.maven.console.Console;
import io.github.xdevops.compose.maven.console.ResultPlace;
import io.github.xdevops.compose.maven.report.DeployReport;
import io.github.xdevops.compose.server.RegistryLogin;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the results of a deploy for later steps of a pipeline: files, and the formats of GitHub Actions (also Forgejo and Gitea)
 * and GitLab CI. If the pipeline's own files cannot be written, the deploy does not fail.
 */
public final class PipelineResults {
    private final Path checkout;
    private final Path directory;
    private final Map<String, String> environment;
    private final Consumer<String> out;
    private final Consumer<String> warn;

    /**
     * @param checkout the top of the checkout, outside of which and through whose links nothing is written
     * @param directory the directory of the files
     * @param environment the process's variables
     * @param out receives pipeline commands, each a whole line without a prefix
     */
    public PipelineResults(
            Path checkout,
            Path directory,
            Map<String, String> environment,
            Consumer<String> out,
            Consumer<String> warn) {
        this.checkout = checkout;
        this.directory = directory;
        this.environment = environment;
        this.out = out;
        this.warn = warn;
    }

    /** Deletes the results of an earlier deploy: if this one fails, they would be taken for its own. */
    public void forget() {
        for (var name :
                List.of("deployment.json", "deployment.md", "deployment.env", "annotations.json", "deploy.log")) {
            try {
                Files.deleteIfExists(place(name));
            } catch (IOException | ComposeException e) {
                warn.accept(
                        directory.resolve(name) + " is of an earlier deploy, and cannot be removed: " + e.getMessage());
            }
        }
    }

    /**
     * Lets the pipeline mask passwords that it cannot know, because they come from settings.xml.
     *
     * @param hidden receives the commands, where no other program reads them
     */
    public void mask(List<RegistryLogin> logins, Consumer<String> hidden) {
        if (actions()) {
            logins.stream()
                    .map(RegistryLogin::password)
                    .filter(password -> !environment.containsValue(password))
                    .forEach(password -> hidden.accept("::add-mask::" + password.replace("%", "%25")));
        }
    }

    /** Folds the output of the work. */
    public <T> T folded(String title, Work<T> work) {
        if (!actions()) {
            return work.run();
        }
        out.accept("::group::" + title);
        try {
            return work.run();
        } finally {
            out.accept("::endgroup::");
        }
    }

    public void publish(DeployReport report) {
        write("deployment.json", Printable.quoted(Json.write(report.json())));
        write("deployment.md", report.markdown());
        write("deployment.env", lines(report.variables()));
        if (environment.containsKey("GITLAB_CI")) {
            write("annotations.json", Printable.quoted(Json.write(annotations(report))));
        }
        if (actions()) {
            var outputs = new LinkedHashMap<String, String>();
            report.variables().forEach((name, value) -> outputs.put(output(name), value));
            append("GITHUB_OUTPUT", lines(outputs));
            append("GITHUB_STEP_SUMMARY", report.markdown());
        }
    }

    private boolean actions() {
        return "true".equals(environment.get("GITHUB_ACTIONS"));
    }

    /** The step output for a variable: {@code COMPOSE_URL} becomes {@code url}. */
    private static String output(String variable) {
        return variable.substring("COMPOSE_".length()).toLowerCase(Locale.ROOT);
    }

    /** The lines of variables. No value contains a line end, so none can begin another variable. */
    private static String lines(Map<String, String> variables) {
        var text = new StringBuilder();
        variables.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** GitLab's report {@code artifacts:reports:annotations}. */
    private static Map<String, @Nullable Object> annotations(DeployReport report) {
        var links = report.urls().stream()
                .map(url -> Map.of("external_link", Map.of("label", url, "url", url)))
                .toList();
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("Environment " + report.environment(), links);
        return all;
    }

    /**
     * The file for the output of a deploy.
     *
     * @throws ComposeException {@code USAGE} if its path contains a link
     */
    public Path log() {
        return place("deploy.log");
    }

    private Path place(String name) {
        return ResultPlace.checked(checkout, directory.resolve(name), false);
    }

    private void write(String name, String text) {
        try {
            Console.write(place(name), text);
        } catch (ComposeException e) {
            warn.accept("The environment is up, but its results are not all there. " + e.getMessage());
        }
    }

    private void append(String variable, String text) {
        var file = environment.get(variable);
        if (file == null || file.isBlank()) {
            return;
        }
        try {
            Files.writeString(
                    Path.of(file), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException | IllegalArgumentException e) {
            warn.accept("The environment is up, but " + variable + " cannot be written: " + e.getMessage());
        }
    }

    /** Work between two lines. */
    public interface Work<T> {
        T run();
    }
}
