package io.github.xdevops.compose.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Home;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.load.ProjectFiles;
import io.github.xdevops.compose.secret.PipelineSecrets;
import io.github.xdevops.compose.template.TemplateFailure;
import io.github.xdevops.compose.template.Templates;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builder of a {@link Stack}. An environment and a domain (or a URL) are required; everything else has a default. */
public final class StackBuilder {
    private static final Pattern WITH_LOGIN = Pattern.compile("(https?://)([^/@]+)@(.*)");
    private static final Pattern NETWORK = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");

    private final Path directory;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Set<String> withheld = new HashSet<>();
    private List<Path> files = List.of();
    private List<Path> envFiles = List.of();
    private List<Path> templates = List.of();
    private Set<String> profiles = Set.of();
    private List<Route> routes = List.of();
    private boolean routed = true;
    private Lifetime lifetime = Lifetime.parse("7d");
    private @Nullable Environment environment;
    private @Nullable String project;
    private @Nullable Address domain;
    private @Nullable Address url;
    private @Nullable String login;
    private List<String> overlays = List.of();
    private final Map<String, String> overrides = new LinkedHashMap<>();
    private @Nullable Map<String, String> promoted;
    private Map<String, String> images = Map.of();
    private @Nullable String home;
    private @Nullable String basicAuth;
    private @Nullable String certResolver;
    private @Nullable Www www;
    private @Nullable String proxyNetwork;
    private Builds builds = Builds.NONE;

    StackBuilder(Path directory) {
        this.directory = directory;
    }

    /** The compose files, merged in this order; relative to the directory. By default, the file that Compose would find. */
    public StackBuilder files(List<Path> files) {
        this.files = List.copyOf(files);
        return this;
    }

    /** The environment to deploy. Required. */
    public StackBuilder environment(Environment environment) {
        this.environment = environment;
        return this;
    }

    /**
     * The environment to deploy.
     *
     * @throws ComposeException {@code USAGE} if none was set
     */
    public Environment environment() {
        if (environment == null) {
            throw ComposeException.usage("A stack needs an environment");
        }
        return environment;
    }

    /** The project's name on the server; by default the last part of its home, or else the environment's slug. */
    public StackBuilder project(String project) {
        this.project = Stack.checkProject(project);
        return this;
    }

    /** The domain for environments, for example {@code ci.example.com}; the project's name becomes a label below it. */
    public StackBuilder domain(String domain) {
        this.domain = Address.parse(domain);
        return this;
    }

    /**
     * The whole URL of the environment, instead of one below the domain. A user and a password in it
     * ({@code http://name:password@host}) are used by the overlay {@code basicauth}.
     */
    public StackBuilder url(String url) {
        var parts = WITH_LOGIN.matcher(url);
        this.login = parts.matches() ? URLDecoder.decode(parts.group(2).replace("+", "%2B"), UTF_8) : null;
        this.url = Address.parse(parts.matches() ? parts.group(1) + parts.group(3) : url);
        return this;
    }

    /** The lifetime; seven days by default. */
    public StackBuilder lifetime(Lifetime lifetime) {
        this.lifetime = lifetime;
        return this;
    }

    /** The absolute directory of the stack on the server; persistent stacks only. */
    public StackBuilder home(String directory) {
        this.home = directory;
        return this;
    }

    /** The public routes; by default derived from the stack. */
    public StackBuilder routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
        return this;
    }

    /** Sets no public routes. */
    public StackBuilder unrouted() {
        this.routed = false;
        return this;
    }

    /** A variable for the interpolation of the compose files; wins over {@code .env}. */
    public StackBuilder variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Variables for the interpolation of the compose files. */
    public StackBuilder variables(Map<String, String> all) {
        variables.putAll(all);
        return this;
    }

    /**
     * All variables of a process, for the interpolation of the compose files. The authors of these files can read them all,
     * except the secrets of this tool and of known pipelines, which are refused.
     */
    public StackBuilder processEnvironment(Map<String, String> all) {
        all.forEach((name, value) -> {
            if (PipelineSecrets.isOne(name)) {
                withheld.add(name);
            } else {
                variables.put(name, value);
            }
        });
        return this;
    }

    /** Env files instead of {@code .env}, later ones over earlier ones; relative to the directory. */
    public StackBuilder envFiles(List<Path> files) {
        this.envFiles = List.copyOf(files);
        return this;
    }

    /** The enabled profiles. */
    public StackBuilder profiles(Set<String> names) {
        this.profiles = Set.copyOf(names);
        return this;
    }

    /** Directories whose templates replace built-in ones. */
    public StackBuilder templates(List<Path> directories) {
        this.templates = List.copyOf(directories);
        return this;
    }

    /** Overlays by name, in this order; before those that every stack gets. */
    public StackBuilder overlays(List<String> names) {
        this.overlays = List.copyOf(names);
        return this;
    }

    /**
     * Overrides one value of the stack, after its files and before the overlays.
     *
     * @param path below {@code services}: {@code web.image}, {@code web.environment.NAME}, {@code web.deploy.replicas}
     * @param value text, a number, {@code true} or {@code false}, or YAML in flow style ({@code [a, b]}, {@code {a: b}}); an
     *     empty one removes the key
     */
    public StackBuilder override(String path, String value) {
        overrides.put(path, value);
        return this;
    }

    /**
     * Uses exactly the images that run in another environment on the same server, instead of the names in the compose file.
     *
     * @param images the image ID ({@code sha256:…}) of each service of the other stack; every service of this one needs one
     */
    public StackBuilder promote(Map<String, String> images) {
        this.promoted = Map.copyOf(images);
        return this;
    }

    /**
     * Uses these exact images for services. They are on the server and not pulled, regardless of the names in the compose files.
     *
     * @param exact the image ID of each such service, {@code sha256:…}; see {@code Stacks.carry}
     */
    public StackBuilder images(Map<String, String> exact) {
        this.images = Map.copyOf(exact);
        return this;
    }

    /** The services with {@code build} that are built on this machine; {@link Builds#NONE} by default. */
    public StackBuilder builds(Builds which) {
        this.builds = which;
        return this;
    }

    /**
     * How the services of {@link #builds} are built on this machine. Nothing is built yet.
     *
     * @throws ComposeException as {@link #render()} does, and {@code DATA} if a build reaches out of the directory
     */
    public LocalBuild localBuild() {
        return prepare(Stage.FINAL).localBuild(); // which checks the parameters before any file
    }

    /**
     * The image names of services in the compose files, after overrides; services without an image are missing.
     *
     * @throws ComposeException as {@link #render()} does
     */
    public Map<String, String> imageNames() {
        return prepare(Stage.RESOLVED).imageNames();
    }

    /**
     * Requires a user and a password from visitors; used by the overlay {@code basicauth}.
     *
     * @param user {@code name:password}, or {@code name:hash} with a bcrypt hash that begins with {@code $2}
     */
    public StackBuilder basicAuth(String user) {
        this.basicAuth = user;
        return this;
    }

    /** Traefik's certificate resolver; persistent stacks only. */
    public StackBuilder certResolver(String name) {
        this.certResolver = name;
        return this;
    }

    /**
     * Redirects between the environment's own host name and the same name with {@code www.} in front. Both names belong to the
     * environment; persistent stacks only.
     */
    public StackBuilder www(Www direction) {
        this.www = direction;
        return this;
    }

    /**
     * A network that services with a URL share with Traefik, if Traefik is not in the host's network namespace. The stack's
     * service names are not visible there, but other members can reach its services by IP address.
     *
     * @param name a network that exists and belongs to no Compose project
     * @throws ComposeException if Docker would not take the name
     */
    public StackBuilder proxyNetwork(String name) {
        if (!NETWORK.matcher(name).matches()) {
            throw ComposeException.usage("compose.proxyNetwork=" + name
                    + " is not a network's name: letters, digits, dots, dashes and underscores, at most 100");
        }
        this.proxyNetwork = name;
        return this;
    }

    /**
     * The compose file at a stage of the rendering.
     *
     * @throws ComposeException as {@link #render()} does
     */
    public String text(Stage stage) {
        return stage == Stage.FINAL ? render().text() : prepare(stage).text(stage);
    }

    /**
     * The compose file at a stage, with secrets masked: *** replaces secrets, and every value whose key sounds like one.
     *
     * @throws ComposeException as {@link #render()} does
     */
    public String maskedText(Stage stage) {
        return stage == Stage.FINAL ? render().maskedText() : prepare(stage).maskedText(stage);
    }

    /**
     * Renders the stack.
     *
     * @throws ComposeException if anything is missing or invalid; {@code USAGE} or {@code DATA}
     */
    public Stack render() {
        return prepare(Stage.FINAL).finish();
    }

    /**
     * The environment's URL, also available as {@code COMPOSE_URL}; reads no file.
     *
     * @throws ComposeException {@code USAGE} if environment, domain or URL are missing or invalid
     */
    public String address() {
        return Www.canonical(www, address(name(environment()), true)).toString();
    }

    private StackRendering prepare(Stage stage) {
        var environment = environment();
        if (!lifetime.isForever() && (certResolver != null || www != null)) {
            // Certificate authorities limit how many certificates a domain gets a week.
            throw ComposeException.usage("compose.certResolver and compose.www need compose.lifetime=forever");
        }
        if (!lifetime.isForever() && home != null) {
            // It would be looked at as the home of what stays, and a review goes with all that it has.
            throw ComposeException.usage("compose.home needs compose.lifetime=forever");
        }
        if (overlays.contains(Overlays.WWW)) {
            throw ComposeException.usage("www is not an overlay; set -Dcompose.www=remove, or add");
        }
        var name = name(environment);
        var address = address(name, routed && stage != Stage.RESOLVED);
        var library = library();
        overlays.stream().filter(overlay -> !library.has(overlay)).findFirst().ifPresent(overlay -> {
            throw ComposeException.usage("There is no overlay `" + overlay
                    + "` (compose.overlays); there are basicauth, maildev, noindex and the project's own templates");
        });
        return new StackRendering(
                source(environment, name, Www.canonical(www, address), library),
                name,
                environment,
                lifetime,
                home,
                address,
                routed ? routes : null,
                new Overlays(overlays(), overrides, images, promoted, library),
                new Access(basicAuth == null ? login : basicAuth, certResolver, www),
                proxyNetwork,
                builds);
    }

    /** Confines templates to the project: whoever can push a branch can write them. */
    private Templates library() {
        try {
            return lifetime.isForever()
                    ? new Templates(templates)
                    : new Templates(templates, file -> ProjectFiles.objection(directory, file));
        } catch (TemplateFailure e) {
            throw new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e);
        }
    }

    private List<String> overlays() {
        var all = new ArrayList<>(overlays);
        if (www != null) {
            all.add(0, Overlays.WWW); // before anybody is asked for a password
        }
        if (login != null && !overlays.contains("basicauth")) {
            all.add("basicauth");
        }
        return all;
    }

    private String name(Environment of) {
        if (project != null) {
            return project;
        }
        var ofHome = home == null ? Optional.<String>empty() : Home.projectOf(home);
        return Stack.checkProject(ofHome.orElseGet(of::slug));
    }

    private ComposeSource source(Environment environment, String name, Address address, Templates library) {
        var all = new LinkedHashMap<String, String>();
        all.put("COMPOSE_PROJECT_NAME", name);
        all.put("COMPOSE_URL", address.toString());
        all.put("COMPOSE_HOST", address.host());
        all.put("COMPOSE_ENVIRONMENT", environment.name());
        all.putAll(variables);
        var model = Map.of(
                "project",
                name,
                "url",
                address.toString(),
                "host",
                address.host(),
                "lifetime",
                lifetime.word(),
                "environment",
                Map.of("repository", environment.repository(), "name", environment.name()),
                "variables",
                variables);
        var source = ComposeSource.in(directory)
                .templating((file, text) -> library.renderText(file, text, model))
                .files(files.toArray(Path[]::new))
                .envFiles(envFiles.toArray(Path[]::new))
                .withheld(withheld)
                .profiles(profiles)
                .variables(all);
        // Anyone who can push a branch writes these files, so they read nothing outside of the checkout.
        return lifetime.isForever() ? source : source.confine();
    }

    /**
     * @param needed whether a route uses it; otherwise any domain is accepted
     */
    private Address address(String name, boolean needed) {
        if (url != null) {
            return url;
        }
        if (domain == null && needed) {
            throw ComposeException.usage("No domain given for the environment's URL. Set"
                    + " -Dcompose.domain=ci.example.com, a domain whose wildcard DNS record leads to the server (its IP"
                    + " address will not do), or the whole URL with -Dcompose.url");
        }
        return (domain == null ? Address.parse("localhost") : domain).below(name.replace('_', '-'));
    }
}
