package io.github.xdevops.compose;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.ComposeFileException;
import io.github.xdevops.compose.file.ComposeSource;
import io.github.xdevops.compose.template.TemplateFailure;
import io.github.xdevops.compose.template.Templates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link Stack} is made of. An environment and a domain (or a URL) are needed, all else has a default. */
public final class StackBuilder {
    private final Path directory;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private List<Path> files = List.of();
    private List<Path> templates = List.of();
    private List<Route> routes = List.of();
    private boolean routed = true;
    private Lifetime lifetime = Lifetime.parse("7d");
    private @Nullable Environment environment;
    private @Nullable String project;
    private @Nullable String slug;
    private @Nullable Address domain;
    private @Nullable Address url;

    StackBuilder(Path directory) {
        this.directory = directory;
    }

    /** Compose files, merged in this order; by default the one that Compose would find. Relative to the directory. */
    public StackBuilder files(List<Path> files) {
        this.files = List.copyOf(files);
        return this;
    }

    /** Whose it is. */
    public StackBuilder environment(Environment environment) {
        this.environment = environment;
        return this;
    }

    /** The project's name on the server; by default the environment's slug. */
    public StackBuilder project(String project) {
        this.project = Stack.checkProject(project);
        return this;
    }

    /** The label below the domain; by default the project's name. */
    public StackBuilder slug(String slug) {
        this.slug = slug;
        return this;
    }

    /** The domain below which environments live, for example {@code ci.example.com}; the slug goes in front of it. */
    public StackBuilder domain(String domain) {
        this.domain = Address.parse(domain);
        return this;
    }

    /** The environment's whole URL, where a pipeline fixes it; the domain is not used then. */
    public StackBuilder url(String url) {
        this.url = Address.parse(url);
        return this;
    }

    /** How long it lives; seven days by default. */
    public StackBuilder lifetime(Lifetime lifetime) {
        this.lifetime = lifetime;
        return this;
    }

    /** Ways from the outside to services; by default derived from the stack. */
    public StackBuilder routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
        return this;
    }

    /** Nothing leads to this stack from the outside. */
    public StackBuilder unrouted() {
        this.routed = false;
        return this;
    }

    /** A variable for the interpolation of the compose files; it wins over {@code .env}. */
    public StackBuilder variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Directories whose templates replace the built-in ones. */
    public StackBuilder templates(List<Path> directories) {
        this.templates = List.copyOf(directories);
        return this;
    }

    /**
     * The finished stack.
     *
     * @throws ComposeException if anything is missing or not acceptable; {@code USAGE} or {@code DATA}
     */
    public Stack render() {
        if (environment == null) {
            throw ComposeException.usage("A stack needs an environment");
        }
        var name = project == null ? Stack.checkProject(environment.slug()) : project;
        var address = address(name);
        try {
            return render(environment, name, address);
        } catch (ComposeFileException | TemplateFailure e) {
            throw new ComposeException(ExitWord.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    private Stack render(Environment environment, String name, Address address) {
        var resolved = ComposeFile.load(source(environment, name, address));
        var endpoints = new ArrayList<Endpoint>();
        if (routed) {
            for (var route : Routes.of(resolved.tree(), routes)) {
                endpoints.add(new Endpoint(route, address.prefixed(route.prefix())));
            }
        }
        var model = OverlayModel.of(name, environment, lifetime, resolved.tree(), endpoints);
        var overlays = new Templates(templates);
        var merged = resolved.selfContained(directory);
        for (var overlay : List.of(lifetime.isForever() ? "persistent" : "ephemeral", "traefik")) {
            merged = merged.merge(overlays.render(overlay, model), overlay + ".ftl");
        }
        return new Stack(name, environment, lifetime, endpoints, merged.text(), resolved.warnings());
    }

    private ComposeSource source(Environment environment, String name, Address address) {
        var all = new LinkedHashMap<String, String>();
        all.put("COMPOSE_PROJECT_NAME", name);
        all.put("COMPOSE_URL", address.toString());
        all.put("COMPOSE_HOST", address.host());
        all.put("COMPOSE_ENVIRONMENT", environment.name());
        all.putAll(variables);
        return ComposeSource.in(directory).files(files.toArray(Path[]::new)).variables(all);
    }

    private Address address(String name) {
        if (url != null) {
            return url;
        }
        if (domain == null) {
            throw ComposeException.usage("A stack needs a domain (compose.domain) or a URL (compose.url)");
        }
        return domain.below(slug == null ? name.replace('_', '-') : slug);
    }
}
