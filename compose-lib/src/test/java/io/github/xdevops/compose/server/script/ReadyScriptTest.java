package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a deploy counts a stack as ready, and what it shows of a service that is not (P14). */
@EveryShell({"dash", "busybox sh"})
class ReadyScriptTest extends InEveryShell {
    private static final String LOOK = "inspect --format {{.RestartCount}}";

    @Test
    void aServiceThatRestartsAgainAndAgainIsNotReadyThoughItRunsAtEachCheck() {
        looks("Up 1 second", "1 09:00:01 id web", "2 09:00:03 id web", "3 09:00:05 id web", "4 09:00:07 id web");
        assertThat(deployWithin(2))
                .contains("\"word\":\"UNHEALTHY\"", "@n waiting web restarts again and again\n")
                .contains("service web restarts again and again after 2 s")
                .contains("--- last lines of web\noh no\n");
    }

    @Test
    void theExitCodeIsShownAlsoWhenDockerHasJustRestartedIt() throws IOException {
        Files.writeString(stub.resolve("hook"), """
                case "$*" in
                'ps '*'{{.ID}} {{.State}}'*)
                  if [ -f "$STUB/seen" ]; then echo 'id running web x,net Up 1 second' && exit; fi
                  touch "$STUB/seen"
                  echo 'id restarting web x,net Restarting (3) 1 second ago'
                  exit
                  ;;
                '%s'*) echo x >>"$STUB/starts" && echo "$(grep -c x "$STUB/starts") 09:00:00 id web" && exit ;;
                esac
                """.formatted(LOOK));
        assertThat(deployWithin(3))
                .contains("service web restarts again and again: Restarting (3) 1 second ago after 3 s");
    }

    @Test
    void aServiceThatRestartedOnceAndStaysUpIsReady() {
        looks("Up 1 second", "0 09:00:01 id web", "1 09:00:02 id web", "1 09:00:02 id web");
        assertThat(deployWithin(20)).contains("\"word\":\"OK\"");
        assertThat(looks()).isEqualTo(3);
    }

    @Test
    void whatIsThereAlreadyIsReadyAtOnceUnlessDockerHadToStartItAgain() {
        deploy("one", WEB);
        looks("Up 3 hours");
        assertThat(deployWithin(20)).contains("\"word\":\"OK\"", "\"changed\":false");
        assertThat(looks()).isZero();
        looks("Up 5 seconds", "0 09:00:01 id web");
        assertThat(deployWithin(20)).contains("\"word\":\"OK\"", "\"changed\":false");
        assertThat(looks()).isEqualTo(1);
        looks("Up 5 seconds", "7 09:00:01 id web", "8 09:00:02 id web", "9 09:00:03 id web");
        assertThat(deployWithin(1)).contains("service web restarts again and again after 1 s");
    }

    @Test
    void whatIsNotReadyInTimeIsShownWithItsLog() {
        looks("Up 5 seconds (health: starting)");
        assertThat(deployWithin(1))
                .contains("@n waiting web is not healthy yet\n", "service web is not healthy yet after 1 s")
                .contains("--- web\n", "--- last lines of web\noh no\n");
    }

    @Test
    void aServiceThatCannotBeInspectedIsNotReady() {
        looks("Up 1 second");
        assertThat(deployWithin(1))
                .contains("\"word\":\"UNHEALTHY\"", "\"message\":\"a container cannot be inspected after 1 s; ");
    }

    /** Compose says little of what others wait for, and a redeploy takes its container away. */
    @Test
    @Tag("R10")
    void whatOthersWaitForInVainIsNamedWithItsLog() throws IOException {
        deploy("one", WEB);
        var migrated = "services: {web: {image: y}}\n";
        for (var said : List.of(
                "service \\\"migrate\\\" didn't complete successfully: exit 7",
                "dependency failed to start: container one-migrate-1 exited (7)")) {
            Files.writeString(stub.resolve("hook"), """
                    case "$*" in
                    *' start') grep -q 'image: y' "$HOME/.yourlabs.compose/one/docker-compose.yml" && { echo "%s" >&2; exit 1; } ;;
                    'ps '*'{{.ID}} {{.State}}'*)
                      printf '%%s\\n' 'o1 exited other x,net Exited (2) 3 hours ago' 'm1 exited migrate x,net Exited (7) 1 second ago' && exit
                      ;;
                    logs*) echo "of ${*##* }" && exit ;;
                    esac
                    """.formatted(said));
            assertThat(deploy("one", migrated))
                    .contains(
                            "\"word\":\"UNHEALTHY\"",
                            "service migrate ended: Exited (7) 1 second ago, and others wait for it")
                    .contains("--- last lines of migrate\nof m1\n", "previous version");
            assertThat(read("one/deploy.log")).contains("--- last lines of migrate\nof m1\n");
        }
    }

    @Test
    void aRegistryThatIsDownIsNoMistakeOfThisDeploy() throws IOException {
        for (var said : List.of(
                "dial tcp 127.0.0.1:9: connect: connection refused",
                "received unexpected HTTP status: 503 Service Unavailable",
                "manifest unknown")) {
            Files.writeString(stub.resolve("hook"), """
                    case "$*" in *' up '*) echo ' web Error %s' && exit 1 ;; esac
                    """.formatted(said));
            assertThat(deploy("one", WEB))
                    .contains(
                            "could not be pulled",
                            said.equals("manifest unknown") ? "\"word\":\"DATA\"" : "\"word\":\"UNAVAIL\"");
        }
    }

    @Test
    void aFailedDeployNamesTheReason() throws IOException {
        var reasons = Map.of(
                "network front declared as external, but could not be found", "DATA",
                "Error response from daemon: network front not found", "DATA",
                "Error response from daemon: driver failed programming external connectivity on endpoint one-web-1: Bind for 0.0.0.0:80 failed: port is already allocated",
                        "DATA",
                "Error response from daemon: invalid mount config for type bind: bind source path does not exist: /x",
                        "UNHEALTHY",
                "healthcheck.start_interval requires Docker Engine v25 or later", "UNHEALTHY");
        for (var reason : reasons.entrySet()) {
            Files.writeString(stub.resolve("hook"), """
                    case "$*" in *' up '*) echo ' Container one-web-1  Creating' && echo '%s' && exit 1 ;; esac
                    """.formatted(reason.getKey()));
            assertThat(deploy("one", WEB))
                    .contains("{\"word\":\"" + reason.getValue() + "\",\"message\":\"" + reason.getKey())
                    .doesNotContain("took longer");
        }
        Files.writeString(stub.resolve("hook"), """
                case "$*" in *' up '*) echo ' Container one-web-1  Creating' && exit 1 ;; esac
                """);
        assertThat(deploy("one", WEB))
                .contains(
                        "docker compose up failed or took longer than 20 s; the last that it did: Container one-web-1 Creating");
    }

    private String deployWithin(int seconds) {
        var words = new ArrayList<>(words("one", WEB));
        words.add("ready_wait=" + seconds);
        return run("deploy", words, bundle(WEB));
    }

    private int looks() {
        var calls = read("../stub/calls");
        return (int) calls.lines().filter(call -> call.startsWith(LOOK)).count();
    }

    /** What docker says of the one container, and of its starts at each look; after the last it says nothing. */
    private void looks(String status, String... starts) {
        try {
            Files.deleteIfExists(stub.resolve("calls"));
            Files.write(stub.resolve("starts"), List.of(starts));
            Files.writeString(stub.resolve("hook"), """
                    case "$*" in
                    'ps '*'{{.ID}} {{.State}}'*) echo 'id running web x,net %s' && exit ;;
                    '%s'*)
                      [ -s "$STUB/starts" ] || exit 1
                      head -n 1 "$STUB/starts"
                      sed 1d "$STUB/starts" >"$STUB/rest" && mv "$STUB/rest" "$STUB/starts"
                      exit
                      ;;
                    esac
                    """.formatted(status, LOOK));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
