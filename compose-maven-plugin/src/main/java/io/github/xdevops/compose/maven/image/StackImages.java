package io.github.xdevops.compose.maven.image;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.image.ImageSource;
import io.github.xdevops.compose.render.Builds;
import io.github.xdevops.compose.render.LocalBuild;
import io.github.xdevops.compose.render.StackBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the images of a stack come from: modules of this build, a build on this machine, its Docker, or a registry. */
public final class StackImages {
    private final @Nullable String wish;
    private final Map<String, String> modules;
    private final ModuleImages built;
    private final Supplier<StackBuilder> stack;
    private final Consumer<String> log;
    private @Nullable Map<String, ModuleImage> ofModules;
    private @Nullable Map<String, ImageSource> own;
    private @Nullable LocalBuild toBuild;

    /**
     * @param wish {@code compose.images}: {@code pull}, {@code transfer}, or {@code null}
     * @param modules the module that builds a service's image, by service
     * @param stack a new builder of the stack, with {@link #builds} and {@link #names}
     * @param log hears of each image that is pulled although all are to be sent
     */
    public StackImages(
            @Nullable String wish,
            Map<String, String> modules,
            ModuleImages built,
            Supplier<StackBuilder> stack,
            Consumer<String> log) {
        this.wish = wish;
        this.modules = Map.copyOf(modules);
        this.built = built;
        this.stack = stack;
        this.log = log;
    }

    /** Whether all images that this machine has are sent. */
    public boolean areSent() {
        if (wish != null && !wish.equals("pull") && !wish.equals("transfer")) {
            throw new ComposeException(Outcome.USAGE, "compose.images = `" + wish + "` is neither pull nor transfer");
        }
        return "transfer".equals(wish);
    }

    /** The services that are built on this machine. */
    public Builds builds() {
        return areSent() ? Builds.UNNAMED : wish == null ? Builds.LOCAL : Builds.NONE;
    }

    /** The names that services with the image of a module get in the compose file; an image that is sent replaces its name. */
    public Map<String, String> names() {
        var names = new TreeMap<String, String>();
        ofModules()
                .forEach((service, image) ->
                        names.put(service, image.name() != null || "pull".equals(wish) ? image.pulled() : "carried"));
        return names;
    }

    /** How the services of {@link #builds} are built. */
    public LocalBuild toBuild() {
        if (toBuild == null) {
            toBuild = stack.get().localBuild();
        }
        return toBuild;
    }

    /** The images of this machine that are sent, by service. Those to build are as they were built last. */
    public Map<String, ImageSource> own() {
        if (own == null) {
            own = find();
        }
        return own;
    }

    /** The IDs of {@link #own} on this machine. */
    public Map<String, String> ids() {
        var ids = new TreeMap<String, String>();
        own().forEach((service, source) -> ids.put(service, source.id()));
        return ids;
    }

    private Map<String, ImageSource> find() {
        var found = new TreeMap<String, ImageSource>();
        if (!"pull".equals(wish)) {
            ofModules().forEach((service, image) -> {
                if (areSent() || image.name() == null) {
                    image.here().ifPresent(source -> found.put(service, source));
                }
            });
            toBuild()
                    .images()
                    .forEach((service, name) -> builtBefore(name).ifPresent(source -> found.put(service, source)));
        }
        if (areSent()) {
            stack.get().imageNames().forEach((service, name) -> {
                if (!found.containsKey(service) && !toBuild().images().containsKey(service)) {
                    here(service, name).ifPresent(source -> found.put(service, source));
                }
            });
        }
        return found;
    }

    private Map<String, ModuleImage> ofModules() {
        if (ofModules == null) {
            var found = new TreeMap<String, ModuleImage>();
            modules.forEach((service, module) -> found.put(service, built.of(module)));
            ofModules = found;
        }
        return ofModules;
    }

    private static Optional<ImageSource> builtBefore(String name) {
        try {
            return ImageSource.docker(name);
        } catch (ComposeException e) {
            return Optional.empty(); // a deploy says what is wrong with Docker
        }
    }

    private Optional<ImageSource> here(String service, String name) {
        try {
            var source = ImageSource.docker(name);
            if (source.isEmpty()) {
                log.accept("The image of " + service + " is pulled, because Docker on this machine has no " + name);
            }
            return source;
        } catch (ComposeException e) {
            log.accept("The image of " + service + " is pulled: " + e.getMessage());
            return Optional.empty();
        }
    }
}
