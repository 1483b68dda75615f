package io.github.xdevops.compose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.xdevops.compose.ComposeException;
import io.github.xdevops.compose.Environment;
import io.github.xdevops.compose.Lifetime;
import io.github.xdevops.compose.Outcome;
import io.github.xdevops.compose.Permission;
import io.github.xdevops.compose.Progress;
import io.github.xdevops.compose.Timeouts;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.render.Stack;
import io.github.xdevops.compose.server.DeployOptions;
import io.github.xdevops.compose.server.DownOptions;
import io.github.xdevops.compose.server.StackStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stack that somebody has started by hand in its home is taken over, under requests. */
class AdoptIT {
    private static final String PROJECT = "adopt-it";
    private static final DeployOptions ADOPT = DeployOptions.within(
                    new Timeouts(Duration.ofMinutes(2), Duration.ofSeconds(8), Duration.ofMinutes(1)))
            .withPermissions(EnumSet.of(Permission.ADOPT));

    /** The test server's Traefik sees only what has the first label. */
    private static final String BY_HAND = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["sh", "-c", "mkdir -p /w && echo version 1 > /w/index.html && exec httpd -f -p 80 -h /w"]
                labels:
                  io.github.xdevops.compose.managed: "true"
                  traefik.enable: "true"
                  traefik.http.routers.app.rule: Host(`adopt-it.HOST`)
                  traefik.http.services.app.loadbalancer.server.port: "80"
              store:
                image: compose-it/busybox:1
                command: ["sh", "-c", "[ -f /data/first ] || echo kept > /data/first; cp /data/first /here/; exec sleep 3600"]
                volumes: ["data:/data", "./here:/here"]
            volumes: {data: {}}
            """;

    private static final String OURS = """
            services:
              web:
                image: compose-it/httpd:1
                command: ["sh", "-c", "mkdir -p /w && echo version 2 > /w/index.html && exec httpd -f -p 80 -h /w"]
                expose: ["80"]
                healthcheck: {test: ["CMD", "TEST"], interval: 1s, timeout: 2s, retries: 2}
              store:
                image: compose-it/busybox:1
                command: ["sh", "-c", "[ -f /data/first ] || echo lost > /data/first; cp /data/first /here/; exec sleep 3600"]
                volumes: ["data:/data", "./here:/here"]
            volumes: {data: {}}
            """;

    @RegisterExtension
    final Deployments here = Deployments.recordedIn("state-adopt");

    private final List<String> said = new ArrayList<>();
    private TestServer server;
    private String home;
    private String file;

    @BeforeEach
    void startByHand() {
        server = here.server();
        home = server.login("pwd") + "/" + PROJECT;
        file = BY_HAND.replace("HOST", server.domain().replaceFirst(":.*", ""));
        server.login(
                System.getenv("COMPOSE_IT_SSH_PORT"),
                "mkdir -p $1/here && cd $1 && printf %s \"$2\" >docker-compose.yml && docker compose up -d 2>/dev/null",
                PROJECT,
                file);
        assertThat(until("version 1")).isEqualTo("version 1");
    }

    @AfterEach
    void forget() {
        if (server != null) {
            if (here.stacks().list().stream()
                    .anyMatch(status -> status.project().equals(PROJECT))) {
                here.stacks().down(PROJECT, DownOptions.FORCE, Progress.NONE);
            }
            server.login("docker compose -p " + PROJECT + " down -v 2>/dev/null; docker run --rm -v " + home
                    + ":/h --entrypoint rm compose-it/busybox:1 -rf /h/here; rm -rf " + PROJECT);
        }
    }

    @Test
    void whatRunsIsTakenOverWithItsDataAndWithoutALostRequest() {
        var lost = new ArrayList<String>();
        var requests = asked(lost, () -> here.stacks().deploy(stack("true"), ADOPT, said()));
        assertThat(lost).isEmpty();
        assertThat(until("version 2")).isEqualTo("version 2");
        assertThat(said)
                .contains("web: start-first, no gap")
                .anyMatch(line -> line.matches("store: stop-first \\(it (has|writes).*\\), [0-9.]+ s"))
                .anyMatch(line -> line.contains("is kept as docker-compose.yml.before-"));
        assertThat(server.login("cat " + PROJECT + "/here/first")).isEqualTo("kept");
        assertThat(server.login("cat " + PROJECT + "/docker-compose.yml.before-*") + "\n")
                .isEqualTo(file);
        assertThat(server.login("cd " + PROJECT + " && docker compose ps --services | sort"))
                .isEqualTo("store\nweb");
        assertThat(here.stacks().list())
                .filteredOn(status -> status.project().equals(PROJECT))
                .extracting(StackStatus::expires)
                .containsExactly((Instant) null);
        // The next one is a deploy like any other, and keeps no further copy.
        assertThat(here.deploy(stack("true")).changed()).isFalse();
        assertThat(server.login("ls " + PROJECT + " | grep -c before-")).isEqualTo("1");
        Proof.claim(
                "moving in: a stack that was started by hand is taken over with its volume and bind mount, failed requests: "
                        + lost.size() + " of " + requests);
    }

    @Test
    void whatWasThereIsBroughtBackIfTheDeployFails() {
        var before = server.containers(PROJECT);
        assertThatThrownBy(() -> here.stacks().deploy(stack("false"), ADOPT, said()))
                .isInstanceOfSatisfying(
                        ComposeException.class, e -> assertThat(e.word()).isEqualTo(Outcome.UNHEALTHY))
                .hasMessageContaining("the previous version is up again");
        assertThat(until("version 1")).isEqualTo("version 1");
        assertThat(server.containers(PROJECT)).as(said.toString()).hasSize(2).containsAnyElementsOf(before);
        assertThat(server.login("cat " + PROJECT + "/here/first")).isEqualTo("kept");
        assertThat(server.login("cat " + PROJECT + "/docker-compose.yml") + "\n")
                .isEqualTo(file);
        here.deploy(stack("true"));
        assertThat(until("version 2")).isEqualTo("version 2");
        assertThat(server.login("cat " + PROJECT + "/here/first")).isEqualTo("kept");
    }

    @Test
    void whatCannotBeTakenOverIsLeftAlone() {
        var before = server.containers(PROJECT);
        refused(stack("true"), DeployOptions.DEFAULT, "not deployed by this tool", "compose.adopt=true");
        refused(stack("true", home + "-not"), ADOPT, "started in " + home + "-not, but in " + home, "compose.home");
        refused(stack("true", null), ADOPT, "compose.adopt needs");
        server.login("mv " + PROJECT + "/docker-compose.yml " + PROJECT + "/away.yml");
        refused(stack("true"), ADOPT, "cannot read the files that " + PROJECT + " was started with");
        server.login("mv " + PROJECT + "/away.yml " + PROJECT + "/docker-compose.yml");
        assertThat(server.containers(PROJECT)).isEqualTo(before);
        assertThat(server.page("http://adopt-it." + server.domain())).contains("version 1");
        assertThat(server.login("test ! -e state-adopt/" + PROJECT + " && ls " + PROJECT))
                .isEqualTo("docker-compose.yml\nhere");
    }

    private void refused(Stack stack, DeployOptions options, String... parts) {
        assertThatThrownBy(() -> here.stacks().deploy(stack, options, Progress.NONE))
                .isInstanceOf(ComposeException.class)
                .hasMessageContainingAll(parts);
    }

    private Stack stack(String test) {
        return stack(test, home);
    }

    private Stack stack(String test, @Nullable String at) {
        var builder = here.compose(Environment.of("acme/adopt", "production"), OURS.replace("TEST", test))
                .project(PROJECT)
                .domain(server.domain())
                .lifetime(Lifetime.FOREVER);
        return (at == null ? builder : builder.home(at)).render();
    }

    /** Asks all the time while something is done; how often. */
    private int asked(List<String> lost, Runnable work) {
        var ended = new AtomicBoolean();
        var count = new AtomicInteger();
        var client = new Thread(() -> {
            while (!ended.get()) {
                var page = server.page("http://adopt-it." + server.domain()).orElse("none");
                count.incrementAndGet();
                if (!page.startsWith("version ")) {
                    lost.add(page);
                }
                TestServer.pause(10);
            }
        });
        client.start();
        try {
            work.run();
            TestServer.pause(1000);
        } finally {
            ended.set(true);
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return count.get();
    }

    private String until(String text) {
        var end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            var page =
                    server.page("http://adopt-it." + server.domain()).orElse("").strip();
            if (page.equals(text) || System.nanoTime() > end) {
                return page;
            }
            TestServer.pause(100);
        }
    }

    private Progress said() {
        return new Progress() {
            @Override
            public void phase(String name) {}

            @Override
            public void line(String line) {
                said.add(line);
            }
        };
    }
}
