package io.github.xdevops.compose;

import io.github.xdevops.compose.file.ComposeFile;
import io.github.xdevops.compose.file.ComposeFileException;
import io.github.xdevops.compose.file.ComposeSource;
import io.github.xdevops.compose.template.TemplateFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stack from compose files, in three stages.
 *
 * @param home where a stack that stays lives, or {@code null}
 * @param address where the environment's own host name leads
 * @param logDriver of a stack that stays
 * @param routes those that were asked for, empty to find the obvious one, or {@code null} for none at all
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
        Visitors visitors,
        String logDriver) {

    String text(Stage stage) {
        return said(() ->
                stage == Stage.RESOLVED ? resolved().text() : merged(resolved()).text());
    }

    Stack finish() {
        return said(() -> {
            var resolved = resolved();
            var file = merged(resolved);
            for (var overlay : overlays.ofServices()) {
                file = over(file, overlay, List.of());
            }
            // Routes come after the overlays that may bring services, and before ports are taken away.
            var endpoints = new ArrayList<Endpoint>();
            if (routes != null) {
                Routes.of(file.tree(), routes)
                        .forEach(route -> endpoints.add(new Endpoint(route, address.prefixed(route.prefix()))));
            }
            for (var overlay : List.of(lifetime.isForever() ? "persistent" : "ephemeral", "addresses", "traefik")) {
                file = over(file, overlay, endpoints);
            }
            for (var overlay : overlays.ofRouters()) {
                file = over(file, overlay, endpoints);
            }
            var place = home == null ? null : Home.of(home, file.tree());
            return new Stack(project, environment, lifetime, place, endpoints, file.text(), resolved.warnings());
        });
    }

    private ComposeFile resolved() {
        return ComposeFile.load(source);
    }

    private ComposeFile merged(ComposeFile resolved) {
        var changed = overlays.changed(resolved);
        return home == null
                ? changed.selfContained(source.directory())
                : changed.selfContained(source.directory(), home);
    }

    private ComposeFile over(ComposeFile file, String overlay, List<Endpoint> endpoints) {
        return file.merge(
                overlays.templates().render(overlay, new OverlayModel(this, file.tree(), endpoints).toMap()),
                overlay + ".ftl");
    }

    private static <T> T said(Supplier<T> work) {
        try {
            return work.get();
        } catch (ComposeFileException | TemplateFailure e) {
            throw new ComposeException(ExitWord.DATA, String.valueOf(e.getMessage()), e);
        }
    }
}
