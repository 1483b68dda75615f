package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Only the routers of the compose file reach Traefik, and none takes another project's URL (P18). */
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
                .contains("nothing of it is left");
        assertThat(calls())
                .anyMatch(call -> call.contains(" up --no-start "))
                .noneMatch(call -> call.endsWith(" start"));
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
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
    void aContainerThatCannotBeInspectedIsNotStarted() throws IOException {
        for (var call : List.of("'inspect --format container '*", "'ps -aq '*")) {
            hook("case \"$*\" in " + call + ") exit 1 ;; esac\n");
            assertThat(deploy("one", WEB)).as(call).contains("\"word\":\"UNHEALTHY\"");
        }
        assertThat(calls()).noneMatch(call -> call.endsWith(" start"));
    }

    @Test
    void aRunningContainerIsNotInspectedAgain() throws IOException {
        deploy("one", WEB);
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", WEB)).contains("\"changed\":false");
        assertThat(calls())
                .noneMatch(call -> call.startsWith("compose ")
                        || call.startsWith("image ")
                        || call.contains("{{$one ")
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
            router("shop", "web-1", "traefik.http.routers.web.rule", rule);
            assertThat(deploy("one", WEB))
                    .as(rule)
                    .contains(
                            "\"word\":\"DATA\"", "http://one.test belongs to the project shop", "container web-1 say");
            assertThat(run("show", words("one", WEB), "")).as(rule).contains("@n refused {\"word\":\"DATA\"");
        }
        for (var label : List.of(
                "traefik.frontend.rule",
                "traefik.web.frontend.rule",
                "TRAEFIK.HTTP.Routers.Web.Rule",
                "traefik.tcp.routers.web.rule")) {
            router("", "traefik.old", label, label.contains("frontend") ? "Host:one.test" : "HostSNI(`one.test`)");
            assertThat(deploy("one", WEB)).as(label).contains("http://one.test belongs to the container traefik.old");
        }
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void anUrlIsNotTakenForALongerOneNorForTheProjectsOwn() throws IOException {
        for (var rule : List.of(
                "Host(`www.one.test`)", "Host(`one.test.example.com`)", "Host(`oneXtest`)", "Path(`one.test`)")) {
            router("shop", "a", "traefik.http.routers.a.rule", rule);
            isFree(rule);
        }
        router("one", "one-web-1", "traefik.http.routers.one.rule", "Host(`one.test`)");
        isFree("the project's own");
    }

    /** Nor does a text that looks like a rule: anybody could take every URL away with one. */
    @Test
    @Tag("L7")
    void onlyARouterClaimsAnUrl() throws IOException {
        for (var label : List.of(
                "note",
                "traefik.x.rule",
                "traefik.http.services.a.rule",
                "traefik.http.middlewares.a.headers.customresponseheaders.rule",
                "x.traefik.http.routers.a.rule")) {
            router("shop", "a", label, "Host(`one.test`)");
            isFree(label);
        }
        router("shop", "a", "note", "traefik.http.routers.a.rule=Host(`one.test`),traefik.frontend.rule=Host:one.test");
        isFree("a text");
    }

    private void isFree(String what) {
        assertThat(deploy("one", WEB)).as(what).contains("\"word\":\"OK\"");
        run("down", List.of("project=one", "lock_wait=5"), "");
    }

    private void labelledImage() throws IOException {
        hook("""
                case "$*" in
                'inspect --format container '*)
                  grep -q labelled "$HOME/.yourlabs.compose/one/docker-compose.yml" || exit 0
                  printf '%s\\n' 'container id1 created web shop:7' 'label "maintainer" "traefik.a"' \\
                    'label "TRAEFIK.http.routers.x.rule" "z"' 'host {}' 'health null'
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

    /** As docker inspect says it, a label a line. */
    private void router(String project, String name, String label, String value) throws IOException {
        hook("""
                case "$*" in
                'ps -q --no-trunc') echo 1a2b; exit 0 ;;
                'inspect --format {{$one '*) cat "$STUB/labels"; exit 0 ;;
                esac
                """);
        Files.writeString(
                stub.resolve("labels"),
                "\"%1$s\" \"/%2$s\" \"a\" \"b\"\n\"%1$s\" \"/%2$s\" \"%3$s\" \"%4$s\"\n"
                        .formatted(
                                project,
                                name,
                                label,
                                value.replace("\"", "\\\"").replace("&", "\\u0026")));
    }

    private void hook(String text) throws IOException {
        Files.writeString(stub.resolve("hook"), text);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(stub.resolve("calls"));
    }
}
