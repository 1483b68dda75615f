package io.github.xdevops.compose.render;

import io.github.xdevops.compose.Address;
import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Endpoint;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Home;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.load.ComposeSource;
import io.github.xdevops.compose.file.load.Deployable;
import io.github.xdevops.compose.file.load.LoadPlan;
import io.github.xdevops.compose.file.mount.MountedFiles;
import io.github.xdevops.compose.file.tree.ComposeFileException;
import io.github.xdevops.compose.secret.Leaves;
import io.github.xdevops.compose.secret.MaskedText;
import io.github.xdevops.compose.secret.Redaction;
import io.github.xdevops.compose.secret.Secrets;
import io.github.xdevops.compose.template.TemplateFailure;
import io.github.xdevops.compose.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders a stack from compose files, in three stages.
 *
 * @param home the directory of a persistent stack, or {@code null}
 * @param address the address of the environment's own host name, as it was given
 * @param proxyNetwork the network shared with Traefik, or {@code null} for the stack's own network
 * @param routes the requested routes; empty to find the obvious one, {@code null} for none
 */
record StackRendering(
        ComposeSource source,
        String project,
        Environment environment,
        Lifetime lifetime,
        @Nullable String home,
        Address address,
        @Nullable List<Route> routes,
        Overlays overlays,
        Access visitors,
        @Nullable String proxyNetwork,
        Builds builds) {
    private static final Set<String> MARKED = Set.of("image", "entrypoint", "command", "environment", "volumes");

    String text(Stage stage) {
        return said(() ->
                stage == Stage.RESOLVED ? resolved().text() : merged(resolved()).text());
    }

    String maskedText(Stage stage) {
        var file = said(() -> stage == Stage.RESOLVED ? resolved() : merged(resolved()));
        var secrets = Secrets.of(file.tree(), file.files(), source.allVariables(), List.of(project));
        return MaskedText.of(file.text(), secrets);
    }

    Map<String, String> imageNames() {
        return said(() -> {
            var names = new LinkedHashMap<String, String>();
            if (changed(resolved()).tree().get("services") instanceof Map<?, ?> services) {
                services.forEach((service, definition) -> {
                    if (definition instanceof Map<?, ?> members && members.get("image") instanceof String image) {
                        names.put(String.valueOf(service), image);
                    }
                });
            }
            return names;
        });
    }

    Stack finish() {
        return said(() -> {
            var file = merged(resolved());
            for (var overlay : overlays.ofServices()) {
                file = over(file, file.tree(), List.of(overlay), List.of());
            }
            // Routes come after the overlays that may bring services, and before ports are taken away.
            var endpoints = new ArrayList<Endpoint>();
            var tree = file.tree();
            if (routes != null) {
                var hidden = Secrets.of(tree, file.files(), source.allVariables(), List.of(project));
                var unset = file.warnings().stream()
                        .filter(warning -> warning.contains(" is not set"))
                        .toList();
                Routes.of(tree, routes, unset)
                        .forEach(route -> endpoints.add(new Endpoint(
                                route,
                                route.prefix().isEmpty() ? canonical() : address.prefixed(route.prefix()),
                                visitors.www() != null && route.prefix().isEmpty()
                                        ? visitors.www().other(address)
                                        : null,
                                mark(tree, route.service(), hidden))));
            }
            if (!endpoints.isEmpty() && overlays.ofRouters().contains("basicauth") && visitors.basicAuth() == null) {
                throw ComposeException.usage(
                        "The overlay basicauth needs a user: set -Dcompose.basicAuth=name:password, or COMPOSE_BASIC_AUTH");
            }
            // These do not read each other's work, so they are laid over in one go.
            var last =
                    new ArrayList<>(List.of(lifetime.isForever() ? "persistent" : "ephemeral", "addresses", "traefik"));
            last.addAll(overlays.ofRouters());
            file = over(file, tree, last, endpoints).withoutUnset().withoutConfigs(source.directory());
            checkImages(tree);
            BackupWishes.check(tree);
            var place = home == null ? null : Home.of(home, tree);
            var open = new ArrayList<>(List.of(project));
            endpoints.forEach(endpoint -> open.add(endpoint.url()));
            var secrets = Secrets.of(file.tree(), file.files(), source.allVariables(), open);
            var warnings =
                    new ArrayList<>(file.warnings().stream().map(hidden()::text).toList());
            new OverlayModel(this, tree, endpoints)
                    .ownLabels()
                    .warnings()
                    .forEach(warning -> warnings.add(hidden().text(warning)));
            if (!lifetime.isForever()) {
                warnings.addAll(ReviewLimits.between(tree, file.tree()));
            }
            return new Stack(
                    project,
                    environment,
                    lifetime,
                    place,
                    endpoints,
                    networks(file.tree()),
                    endpoints.isEmpty() ? null : proxyNetwork,
                    file.text(),
                    file.files(),
                    warnings,
                    secrets);
        });
    }

    /** Docker would only say on the server that a reference is invalid, and not why. */
    private static void checkImages(Map<String, @Nullable Object> tree) {
        if (tree.get("services") instanceof Map<?, ?> services) {
            services.forEach((name, service) -> {
                if (service instanceof Map<?, ?> members
                        && members.get("image") instanceof String image
                        && !Deployable.isImage(image)
                        && !image.startsWith("sha256:")) {
                    throw ComposeException.data("services." + name + ".image: `" + image
                            + "` is not an image name: a name has small letters, digits and . _ - /, a tag letters, digits"
                            + " and . _ -, and none is empty"
                            + (image.replaceFirst("^.*[^/]:", "").contains("/") && image.contains(":")
                                    ? ". For a tag made from a branch's name use a short form without slashes, such as"
                                            + " GitLab's CI_COMMIT_REF_SLUG"
                                    : ""));
                }
            });
        }
    }

    /** The address of the environment's own host name, with or without {@code www}. */
    Address canonical() {
        return Www.canonical(visitors.www(), address);
    }

    private ComposeFile resolved() {
        return ComposeFile.load(source);
    }

    /** With the names that images get where they are built. */
    private ComposeFile changed(ComposeFile resolved) {
        var file = overlays.changed(resolved);
        var named = new LinkedHashMap<String, String>();
        if (builds != Builds.NONE) {
            LocalBuild.images(file.tree(), project, false)
                    .forEach((service, image) -> named.put(service + ".image", image));
        }
        return named.isEmpty() ? file : file.merge(ServiceOverrides.overlay(file.tree(), named), "compose.services");
    }

    LocalBuild localBuild() {
        return said(() -> {
            var tree = overlays.changed(resolved()).tree();
            var images = builds == Builds.NONE
                    ? new LinkedHashMap<String, String>()
                    : LocalBuild.images(tree, project, builds == Builds.LOCAL);
            images.keySet().removeIf(service -> overlays.overrides().containsKey(service + ".image"));
            if (source.confined()) {
                LocalBuild.confine(tree, images.keySet(), source.directory());
            }
            var plan = LoadPlan.of(source);
            return new LocalBuild(
                    source.directory(),
                    images.isEmpty()
                            ? List.of()
                            : LocalBuild.arguments(
                                    project,
                                    plan.files(),
                                    source.envFiles(),
                                    plan.project().profiles(),
                                    images.keySet()),
                    source.allVariables(),
                    images);
        });
    }

    private ComposeFile merged(ComposeFile resolved) {
        var changed = changed(resolved);
        return home == null
                ? changed.selfContained(source.directory())
                : changed.selfContained(source.directory(), home);
    }

    private ComposeFile over(
            ComposeFile file, Map<String, @Nullable Object> tree, List<String> names, List<Endpoint> endpoints) {
        var model = new OverlayModel(this, tree, endpoints).toMap();
        var texts = new LinkedHashMap<String, String>();
        names.forEach(name -> texts.put(name + ".ftl", overlays.templates().render(name, model)));
        return file.merge(texts);
    }

    /** A mark of the service's definition, without overlays and secrets. Everybody can read it and compare it with guesses. */
    private static String mark(Map<String, @Nullable Object> tree, String service, Set<String> secrets) {
        var longestFirst = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        var text = new StringBuilder();
        Leaves.of(tree).forEach((path, value) -> {
            var isOurs = path.size() > 2
                    && path.subList(0, 2).equals(List.of("services", service))
                    && MARKED.contains(path.get(2))
                    && !path.get(path.size() - 1).startsWith("COMPOSE_URL");
            if (isOurs) {
                var shown = MountedFiles.maskedNames(String.valueOf(value));
                for (var secret : longestFirst) {
                    shown = shown.replace(secret, "***");
                }
                text.append(path).append('=').append(shown).append('\n');
            }
        });
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** The number of networks that Compose creates: those that a service uses. */
    private static int networks(Map<String, @Nullable Object> tree) {
        var used = new HashSet<Object>();
        if (tree.get("services") instanceof Map<?, ?> services) {
            for (var service : services.values()) {
                if (service instanceof Map<?, ?> definition && definition.get("networks") instanceof Map<?, ?> names) {
                    used.addAll(names.keySet());
                }
            }
        }
        if (tree.get("networks") instanceof Map<?, ?> networks) {
            used.removeIf(name -> networks.get(name) instanceof Map<?, ?> network && network.containsKey("external"));
        }
        return used.size();
    }

    private <T> T said(Supplier<T> work) {
        try {
            return work.get();
        } catch (ComposeFileException | TemplateFailure e) {
            throw hidden().cleaned(new ComposeException(Outcome.DATA, String.valueOf(e.getMessage()), e));
        } catch (InvalidPathException e) {
            throw ComposeException.data(
                    "Maven's locale cannot name the file " + e.getInput() + "; set LC_ALL=C.UTF-8 where Maven runs");
        } catch (ComposeException e) {
            throw hidden().cleaned(e);
        }
    }

    /** Hides values from the outside that messages may quote. */
    private Redaction hidden() {
        var given = new LinkedHashMap<>(source.variables());
        try {
            given.putAll(source.allVariables());
        } catch (ComposeFileException e) {
            // reported by the first reader
        }
        given.putAll(overlays.overrides());
        visitors.password().ifPresent(password -> given.put("compose.basicAuth", password));
        return Redaction.of(Secrets.named(given));
    }
}
