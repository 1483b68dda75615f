package io.github.xdevops.compose.maven;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Home;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.file.load.LoadPlan;
import io.github.xdevops.compose.maven.image.ModuleImages;
import io.github.xdevops.compose.maven.image.StackImages;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.render.StackBuilder;
import io.github.xdevops.compose.render.Www;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Base of the goals that render a stack from the project's compose files. */
abstract class StackMojo extends EnvironmentMojo {
    private static final String VARIABLE = "compose.env.";
    private static final String OVERRIDE = "compose.services.";
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){0,3}|.*:.*");
    private static final String MODULE = "[^.]+\\.module";

    /** The compose files, merged in this order; by default {@code compose.yaml} or {@code docker-compose.yml}. */
    @Parameter(property = "compose.files")
    private @Nullable List<File> files;

    /**
     * The domain for environments, such as {@code ci.example.com} or {@code https://…}; by default the server's name.
     */
    @Parameter(property = "compose.domain")
    private @Nullable String domain;

    /** The whole URL, instead of one below the domain; by default from the pipeline. */
    @Parameter(property = "compose.url")
    private @Nullable String url;

    /** The lifetime: {@code 7d}, {@code 12h}, {@code 90m}, {@code P7D}, seconds, or {@code forever}. */
    @Parameter(property = "compose.lifetime", defaultValue = "7d")
    private String lifetime = "7d";

    /**
     * The services with a URL, such as {@code web:8080,admin=backend:9000/api}, or {@code none}; by default the one with a port.
     */
    @Parameter(property = "compose.routes")
    private @Nullable List<String> routes;

    /** The directory of your own overlays. */
    @Parameter(property = "compose.templates", defaultValue = "src/main/compose")
    private String templates = "src/main/compose";

    /**
     * Overlays by name: {@code maildev}, {@code basicauth} (with COMPOSE_BASIC_AUTH), {@code noindex}, or your own {@code
     * NAME.ftl}.
     */
    @Parameter(property = "compose.overlays")
    private @Nullable List<String> overlays;

    /** Traefik's certificate resolver, for persistent environments. */
    @Parameter(property = "compose.certResolver")
    private @Nullable String certResolver;

    /**
     * For persistent environments: {@code add} redirects example.com to www.example.com, {@code remove} the other way.
     */
    @Parameter(property = "compose.www")
    private @Nullable String www;

    /** The Docker network of Traefik, if it is not in the host's network namespace. */
    @Parameter(property = "compose.proxyNetwork")
    private @Nullable String proxyNetwork;

    /**
     * The directory on the server for a persistent environment's bind mounts and compose file; its last part is the project's
     * name.
     */
    @Parameter(property = "compose.home")
    private @Nullable String home;

    /** Env files instead of {@code .env}, later ones over earlier ones, separated by commas. */
    @Parameter(property = "compose.envFiles")
    private @Nullable List<File> envFiles;

    /**
     * Lets compose files use this process's variables, except known credentials. Everyone who can push a branch can then read
     * them.
     */
    @Parameter(property = "compose.processEnvironment", defaultValue = "false")
    private boolean processEnvironment;

    /**
     * {@code pull}: the server pulls all; {@code transfer}: images of this machine are sent. By default services with {@code
     * build} and no registry in {@code image} are built on this machine and sent, others are pulled.
     */
    @Parameter(property = "compose.images")
    private @Nullable String images;

    /**
     * A registry with a password, such as {@code registry.example.com:5000}. Set COMPOSE_REGISTRY_USER and
     * COMPOSE_REGISTRY_PASSWORD, or a server with this id in settings.xml; GitLab's own needs neither.
     */
    @Parameter(property = "compose.registry")
    private @Nullable String registry;

    private @Nullable StackImages stackImages;

    @Override
    final @Nullable String givenProject() {
        var given = super.givenProject();
        return given == null && home != null ? Home.projectOf(home).orElse(null) : given;
    }

    final @Nullable String registry() {
        return registry;
    }

    final String lifetime() {
        return lifetime;
    }

    /** The domain that was set, or the server's name; {@code null} for an IP address. */
    final @Nullable String domain() {
        return domain != null ? domain : host == null ? null : domainOf(host);
    }

    final Path templates() {
        return directory().resolve(templates);
    }

    @Override
    final Path composeFile() {
        if (files == null || files.isEmpty()) {
            return directory();
        }
        var first = directory().resolve(files.get(0).toPath());
        var parent = first.getParent();
        return parent != null && LoadPlan.NAMES.contains(String.valueOf(first.getFileName())) ? parent : first;
    }

    final Stack render() {
        return render(builder -> {});
    }

    final Stack render(Consumer<StackBuilder> more) {
        var builder = builder();
        if (!images().own().isEmpty()) {
            builder.images(images().ids());
        }
        more.accept(builder);
        var stack = builder.render();
        stack.warnings().forEach(getLog()::warn);
        return stack;
    }

    final StackBuilder builder() {
        var builder = Stack.in(directory())
                .environment(environment())
                .lifetime(Lifetime.parse(lifetime))
                .templates(List.of(templates()))
                .files(relative(files))
                .envFiles(relative(envFiles))
                .overlays(words(overlays))
                .builds(images().builds());
        var name = givenProject();
        if (name != null) {
            builder.project(name);
        }
        var user = basicAuth();
        if (user != null) {
            builder.basicAuth(user);
        }
        if (home != null) {
            builder.home(home);
        }
        if (certResolver != null) {
            builder.certResolver(certResolver);
        }
        if (www != null) {
            builder.www(Www.parse(www));
        }
        if (proxyNetwork != null) {
            builder.proxyNetwork(proxyNetwork);
        }
        address(builder);
        routes(builder);
        if (processEnvironment) {
            builder.processEnvironment(System.getenv());
        }
        properties(VARIABLE).forEach(builder::variable);
        properties(OVERRIDE).forEach((path, value) -> {
            if (!path.matches(MODULE)) {
                builder.override(path, value);
            }
        });
        images().names().forEach((service, image) -> builder.override(service + ".image", image));
        return builder;
    }

    /** Where the images of the stack come from. */
    final StackImages images() {
        if (stackImages == null) {
            var modules = new TreeMap<String, String>();
            properties(OVERRIDE).forEach((path, value) -> {
                if (path.matches(MODULE)) {
                    modules.put(path.substring(0, path.indexOf('.')), value);
                }
            });
            var built = new ModuleImages(session().getProjects(), directory());
            stackImages = new StackImages(images, modules, built, this::builder, getLog()::info);
        }
        return stackImages;
    }

    /** The {@code -D} properties below a prefix; Maven cannot inject a map. */
    private Map<String, String> properties(String prefix) {
        var all = session().getUserProperties();
        var found = new TreeMap<String, String>();
        for (var name : all.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), all.getProperty(name));
            }
        }
        return found;
    }

    /** The default domain of a server: its name; {@code null} for an IP address. */
    private static @Nullable String domainOf(String host) {
        var name =
                host.equals("local") ? "localhost" : HostSettings.address(host).host();
        return IP_ADDRESS.matcher(name).matches() ? null : name;
    }

    private void address(StackBuilder builder) {
        var fixed = url != null ? url : source().url();
        if (fixed != null) {
            try {
                builder.url(fixed);
            } catch (ComposeException e) {
                throw new ComposeException(
                        e.word(),
                        (url != null ? "compose.url" : "The pipeline's CI_ENVIRONMENT_URL") + ": " + e.getMessage(),
                        e);
            }
        } else {
            var below = domain();
            if (below != null) {
                builder.domain(below);
            }
        }
    }

    private void routes(StackBuilder builder) {
        var wanted = words(routes);
        if (wanted.equals(List.of("none"))) {
            builder.unrouted();
        } else {
            builder.routes(wanted.stream().map(Route::parse).toList());
        }
    }

    private static List<String> words(@Nullable List<String> lists) {
        return lists == null
                ? List.of()
                : lists.stream()
                        .flatMap(list -> Arrays.stream(list.split(",")))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    /** Makes files relative again: Maven makes them absolute, and messages are shorter without that. */
    private List<Path> relative(@Nullable List<File> all) {
        return all == null
                ? List.of()
                : all.stream()
                        .map(File::toPath)
                        .map(file -> file.startsWith(directory()) ? directory().relativize(file) : file)
                        .toList();
    }
}
