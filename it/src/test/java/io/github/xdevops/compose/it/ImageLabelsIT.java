package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Route;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.Stacks;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An image whose labels are routers for somebody else's URL, before a real Traefik. */
class ImageLabelsIT {
    private static final String IMAGE = "compose-it/labelled:1";
    private static final String CONTROL = "compose-it-labelled-control";

    @RegisterExtension
    private final Deployments here = Deployments.onServer();

    private final TestServer server = here.server();
    private final Stacks stacks = here.stacks();

    @AfterEach
    void takeDown() {
        here.projects().forEach(project -> stacks.down(project, Progress.NONE));
        server.docker("rm", "-f", CONTROL);
        server.docker("image", "rm", "-f", IMAGE);
    }

    @Test
    @Tag("Y16")
    void labelsOfAnImageNeverTakeOverAnotherEnvironmentsUrl() {
        var victim = stack("labels/victim", "compose-it/httpd:1", "victim", Route.to("web", 80));
        var url = here.deploy(victim).urls().get(0);
        assertThat(server.get(url)).contains("victim");
        var thief = stack("labels/thief", "compose-it/httpd:1", "honest", Route.to("web", 80));
        var thiefUrl = here.deploy(thief).urls().get(0);
        label(victim.endpoints().get(0).address().host());
        int refused = 0;
        for (var route : new Route[] {Route.to("web", 80), Route.to("other", 80)}) {
            assertThatThrownBy(() -> here.deploy(stack("labels/thief", IMAGE, "stolen", route)))
                    .isInstanceOfSatisfying(
                            ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.POLICY))
                    .hasMessageContainingAll(IMAGE, "Dockerfile", "previous version is up again");
            assertThat(server.get(thiefUrl)).contains("honest");
            assertThat(server.page(url)).contains("victim");
            refused++;
        }
        // As another tool would start it: so the labels do what is claimed of them.
        var managed = "io.github.xdevops.compose.managed=true";
        server.docker("run", "-d", "--name", CONTROL, "--label", managed, IMAGE);
        awaitPage(url, "compose-it/httpd");
        Proof.claim("isolation: an image with labels for another environment's URL was refused " + refused + " of "
                + refused + " times before it started; started by hand it takes that URL over");
    }

    @Test
    @Tag("Y16")
    void anUrlThatAContainerOfAnotherToolHasIsRefused() {
        var stack = stack("labels/late", "compose-it/httpd:1", "late", Route.to("web", 80));
        var host = stack.endpoints().get(0).address().host();
        var rule = "traefik.http.routers.foreign.rule=Host(`" + host.toUpperCase(Locale.ROOT) + "`)";
        server.docker("run", "-d", "--name", CONTROL, "--label", rule, "compose-it/httpd:1");
        assertThatThrownBy(() -> here.deploy(stack))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.DATA))
                .hasMessageContaining("http://" + host + " belongs to the container " + CONTROL);
        assertThat(server.remains(stack.project())).isEmpty();
        server.docker("rm", "-f", CONTROL);
        assertThat(server.get(here.deploy(stack).urls().get(0))).contains("late");
    }

    private void label(String host) {
        var id = server.docker("create", "compose-it/httpd:1").strip();
        try {
            server.docker(
                    "commit",
                    "--change",
                    "LABEL traefik.enable=true",
                    "--change",
                    "LABEL traefik.http.routers.thief.rule=Host(`" + host + "`)",
                    "--change",
                    "LABEL traefik.http.routers.thief.priority=100000",
                    id,
                    IMAGE);
        } finally {
            server.docker("rm", id);
        }
    }

    private void awaitPage(String url, String text) {
        for (int i = 0; i < 100; i++) {
            if (server.page(url).filter(page -> page.contains(text)).isPresent()) {
                return;
            }
            TestServer.pause(100);
        }
        throw new AssertionError(url + " answers " + server.page(url));
    }

    private Stack stack(String branch, String image, String page, Route route) {
        var file = """
                services:
                  web:
                    image: %s
                    command: ["sh", "-c", "mkdir -p /tmp/w && echo '%s' > /tmp/w/index.html && exec httpd -f -p 80 -h /tmp/w"]
                  other:
                    image: compose-it/httpd:1
                """.formatted(image, page);
        return here.render(here.compose(branch, file).routes(List.of(route)));
    }
}
