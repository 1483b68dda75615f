package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.Stack;
import io.github.xdevops.compose.StackBuilder;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that renders a stack from the project's compose files. */
abstract class StackMojo extends EnvironmentMojo {
    private static final String VARIABLE = "compose.env.";

    /** The compose files, merged in this order; by default the one that Compose would find in the project's directory. */
    @Parameter(property = "compose.files")
    private @Nullable List<File> files;

    /** The domain below which environments live, as {@code ci.example.com}, {@code localhost:8088} or {@code https://…}; by default the server's name. */
    @Parameter(property = "compose.domain")
    private @Nullable String domain;

    /** The label below the domain; by default the project's name on the server. */
    @Parameter(property = "compose.slug")
    private @Nullable String slug;

    /** The environment's whole URL, instead of slug and domain; by default what the pipeline says. */
    @Parameter(property = "compose.url")
    private @Nullable String url;

    /** How long the environment lives: {@code 7d}, {@code 12h}, {@code 90m}, {@code P7D}, seconds, or {@code forever}. */
    @Parameter(property = "compose.lifetime", defaultValue = "7d")
    private String lifetime = "7d";

    /** Which services have a URL, as {@code service:port[/path]} or {@code prefix=service:port}, or {@code none}; by default the obvious one. */
    @Parameter(property = "compose.routes")
    private @Nullable List<String> routes;

    /** A directory of overlays that replace the built-in ones of the same name. */
    @Parameter(property = "compose.templates", defaultValue = "src/main/compose")
    private String templates = "src/main/compose";

    final Stack render() {
        var builder = Stack.in(directory())
                .environment(environment())
                .lifetime(Lifetime.parse(lifetime))
                .templates(List.of(directory().resolve(templates)));
        if (files != null && !files.isEmpty()) {
            builder.files(files.stream().map(File::toPath).map(this::relative).toList());
        }
        if (project != null) {
            builder.project(project);
        }
        address(builder);
        routes(builder);
        session().getUserProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(VARIABLE))
                .forEach(name -> builder.variable(
                        name.substring(VARIABLE.length()),
                        session().getUserProperties().getProperty(name)));
        var stack = builder.render();
        stack.warnings().forEach(getLog()::warn);
        return stack;
    }

    private void address(StackBuilder builder) {
        var fixed = url != null ? url : source().url();
        if (fixed != null) {
            builder.url(fixed);
        } else if (domain != null) {
            builder.domain(domain);
        } else if (host != null) {
            builder.domain(
                    host.equals("local") ? "localhost" : Door.address(host).host());
        }
        if (slug != null) {
            builder.slug(slug);
        }
    }

    private void routes(StackBuilder builder) {
        if (routes == null || routes.isEmpty()) {
            return;
        }
        if (routes.equals(List.of("none"))) {
            builder.unrouted();
        } else {
            builder.routes(routes.stream()
                    .flatMap(list -> Arrays.stream(list.split(",")))
                    .map(text -> Route.parse(text.strip()))
                    .toList());
        }
    }

    /** Maven makes relative files absolute by the directory of its own choice; messages are shorter without it. */
    private Path relative(Path file) {
        return file.startsWith(directory()) ? directory().relativize(file) : file;
    }
}
