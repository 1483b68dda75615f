package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing reaches Traefik but the routers of the compose file, and none takes an URL that somebody has. */
@EveryShell
class RoutingScriptTest extends InEveryShell {
    private static final String LABELLED = "services: {web: {image: labelled}}\n";
    private static final String CRASH = "services: {web: {image: crash}}\n";

    @Test
    @Tag("Y16")
    void anImageWithLabelsForTraefikIsNeverStarted() throws IOException {
        labelledImage();
        assertThat(deploy("one", LABELLED))
                .contains("\"word\":\"POLICY\"", "image shop:7", "label TRAEFIK.http.routers.x.rule", "Dockerfile")
                .contains("kept for 60 min");
        assertThat(calls())
                .anyMatch(call -> call.contains(" up --no-start "))
                .noneMatch(call -> call.endsWith(" start"));
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"");
    }

    @Test
    @Tag("Y16")
    void thePreviousVersionComesBackAfterAnImageWithLabelsForTraefik() throws IOException {
        deploy("one", WEB);
        labelledImage();
        assertThat(deploy("one", LABELLED))
                .contains("\"word\":\"POLICY\"", "image shop:7", "the previous version is up again");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/manifest.json")).contains("\"state\": \"live\"");
        assertThat(calls()).filteredOn(call -> call.endsWith(" start")).hasSize(2);
    }

    @Test
    void whatCannotBeLookedAtIsNotStarted() throws IOException {
        for (var call : List.of("'image inspect '*", "'inspect --format {{.Image}}'*", "'ps -aq '*")) {
            hook("case \"$*\" in " + call + ") exit 1 ;; esac\n");
            assertThat(deploy("one", WEB)).as(call).contains("\"word\":\"UNHEALTHY\"");
        }
        assertThat(calls()).noneMatch(call -> call.endsWith(" start"));
    }

    @Test
    void whatRunsAlreadyIsNotLookedAtAgain() throws IOException {
        deploy("one", WEB);
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", WEB)).contains("\"changed\":false");
        assertThat(calls())
                .noneMatch(call -> call.startsWith("compose ")
                        || call.startsWith("image ")
                        || call.contains("{{.Labels}}")
                        || call.contains("working_dir")
                        || call.startsWith("volume ")
                        || call.startsWith("network "));
    }

    @Test
    void aRoutedServiceIsAttachedToTheProxysNetworkWithoutAnAliasBeforeItStarts() throws IOException {
        proxyNetwork("web ");
        assertThat(run("deploy", words("one", WEB, "proxy=web"), bundle(WEB))).contains("\"word\":\"OK\"");
        assertThat(calls())
                .filteredOn(call -> call.contains(" up ") || call.endsWith(" start") || call.contains("connect"))
                .satisfiesExactly(
                        call -> assertThat(call).contains(" up --no-start "),
                        call -> assertThat(call).isEqualTo("network connect web id1"),
                        call -> assertThat(call).endsWith(" start"));
        assertThat(read("one/manifest.json")).contains("\"proxy\": \"web\"");
    }

    @Test
    void aFailedRedeployAttachesThePreviousVersionAgain() throws IOException {
        proxyNetwork("web ");
        run("deploy", words("one", WEB, "proxy=web"), bundle(WEB));
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", CRASH)).contains("the previous version is up again");
        assertThat(calls()).filteredOn(call -> call.contains("connect")).containsExactly("network connect web id1");
        assertThat(read("one/manifest.json")).contains("\"proxy\": \"web\"");
    }

    @Test
    void aProxyNetworkThatIsMissingOrSomebodysOwnIsRefusedBeforeAnythingIsTouched() throws IOException {
        hook("case \"$*\" in 'network inspect '*) echo 'Error: No such network: web'; exit 1 ;; esac\n");
        assertThat(run("deploy", words("one", WEB, "proxy=web"), bundle(WEB)))
                .contains("\"word\":\"UNAVAIL\"", "no network web", "docker network create web");
        // Docker also finds a network by the beginning of its id.
        proxyNetwork("othername ");
        assertThat(run("deploy", words("one", WEB, "proxy=web"), bundle(WEB))).contains("\"word\":\"UNAVAIL\"");
        proxyNetwork("web shop");
        assertThat(run("deploy", words("one", WEB, "proxy=web"), bundle(WEB)))
                .contains("\"word\":\"POLICY\"", "belongs to the Compose project shop");
        assertThat(run("show", words("one", WEB, "proxy=web"), "")).contains("@n refused {\"word\":\"POLICY\"");
        for (var own : List.of("bridge", "host", "none")) {
            proxyNetwork(own + " ");
            assertThat(run("deploy", words("one", WEB, "proxy=" + own), bundle(WEB)))
                    .contains("\"word\":\"POLICY\"", own + " is Docker's own network");
        }
        assertThat(run("deploy", words("one", WEB, "proxy=a b"), bundle(WEB))).contains("\"word\":\"USAGE\"");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(calls()).noneMatch(call -> call.contains(" up ") || call.contains("connect"));
    }

    @Test
    @Tag("Y16")
    void anUrlThatAContainerHasByItsLabelsIsRefused() throws IOException {
        for (var rule : List.of(
                "Host(`one.test`)",
                "Host(`ONE.Test`) && PathPrefix(`/x`)",
                "HOST(\"one.test\")",
                "Path(`/y`) || Host(`other.test`) || Host(`one.test`)",
                "Host(`other.test`, `one.test`)",
                "Host:other.test,one.test;PathPrefix:/x",
                "Host:one.test",
                "HostSNI(`one.test`)")) {
            router("shop web-1 a=b,traefik.http.routers.web.rule=" + rule + ",traefik.enable=true");
            assertThat(deploy("one", WEB))
                    .as(rule)
                    .contains(
                            "\"word\":\"DATA\"", "http://one.test belongs to the project shop", "container web-1 say");
            assertThat(run("show", words("one", WEB), "")).as(rule).contains("@n refused {\"word\":\"DATA\"");
        }
        router(" traefik.old traefik.frontend.rule=Host:one.test");
        assertThat(deploy("one", WEB)).contains("http://one.test belongs to the container traefik.old");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void anUrlIsNotTakenForALongerOneNorForTheProjectsOwn() throws IOException {
        for (var labels : List.of(
                "shop a traefik.http.routers.a.rule=Host(`www.one.test`)",
                "shop a traefik.http.routers.a.rule=Host(`one.test.example.com`)",
                "shop a traefik.http.routers.a.rule=Host(`oneXtest`)",
                "shop a traefik.http.routers.a.rule=Path(`one.test`)",
                "shop a note=one.test",
                "one one-web-1 traefik.http.routers.one.rule=Host(`one.test`)")) {
            router(labels);
            assertThat(deploy("one", WEB)).as(labels).contains("\"word\":\"OK\"");
            run("down", List.of("project=one", "lock_wait=5"), "");
        }
    }

    private void labelledImage() throws IOException {
        hook("""
                case "$*" in
                'image inspect '*)
                  grep -q labelled "$HOME/.yourlabs.compose/one/docker-compose.yml" || exit 0
                  echo 'base:1 "org.opencontainers.image.title" "maintainer"'
                  echo 'shop:7 "a" "TRAEFIK.http.routers.x.rule" "z"'
                  exit 0
                  ;;
                esac
                """);
    }

    private void proxyNetwork(String found) throws IOException {
        hook("""
                case "$*" in
                'network inspect '*) echo '%s'; exit 0 ;;
                *traefik.docker.network=web*) echo 'id1 one_default'; echo 'id2 one_default,web'; exit 0 ;;
                esac
                """.formatted(found));
    }

    private void router(String line) throws IOException {
        hook("case \"$*\" in *'{{.Labels}}') cat \"$STUB/routers\"; exit 0 ;; esac\n");
        Files.writeString(stub.resolve("routers"), line + "\n");
    }

    private void hook(String text) throws IOException {
        Files.writeString(stub.resolve("hook"), text);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(stub.resolve("calls"));
    }
}
