package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import io.github.xdevops.compose.render.Generations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replaces services of persistent environments. */
@EveryShell
class ReplaceScriptTest extends WithReplacingDocker {

    private int deploys;

    @Test
    void theGenerationIsInNamesAndPrioritiesAndNowhereElse() {
        assertThat(deployOne(stack("1", "1", "1"))).contains("\"word\":\"OK\"");
        assertThat(read("one/docker-compose.yml"))
                .contains("\"io.github.xdevops.compose.generation\": \"1\"")
                .contains("\"traefik.http.routers.one__0g1.rule\": \"Host(`one.test`) && PathPrefix(`/one__0g0`)\"")
                .contains("\"traefik.http.routers.one__0g1.priority\": \"42000001\"")
                .contains("\"traefik.http.routers.one__0g1.service\": \"one__0g1\"")
                .contains("\"traefik.http.routers.one__0g1.middlewares\": \"one__0g1__deployment,one__0g1__www\"")
                .contains(
                        "\"traefik.http.middlewares.one__0g1__deployment.headers.customresponseheaders.X\": \"one__0g0\"")
                .contains("\"traefik.http.routers.one__1.service\": \"one__1\"")
                .contains("TEXT: \"one__0g0\"");
    }

    @Test
    void logsThatNeedNotGoToJournaldGoToCappedFilesWhereThereIsNone() {
        var logging = """
                    x-logging: "journald, or files"
                    logging:
                      driver: "journald"
                """;
        var own = """
                    logging:
                      driver: "journald"
                """;
        var text = stack("1", "1", "1")
                .replaceFirst("(?m)^  web:\n", "  web:\n" + logging)
                .replaceFirst("(?m)^  db:\n", "  db:\n" + own);
        assertThat(deployOne(text)).contains("\"word\":\"OK\"");
        var file = read("one/docker-compose.yml");
        if (Files.exists(Path.of("/run/systemd/journal/socket"))) {
            assertThat(file).contains("  web:\n" + logging);
        } else {
            assertThat(file)
                    .contains("      driver: \"json-file\"\n      options:\n        max-size: \"10m\"\n")
                    .contains("  db:\n" + own);
        }
        assertThat(Generations.asSent(file)).isEqualTo(text);
        assertThat(deployOne(text)).contains("\"changed\":false");
    }

    @Test
    void whatIsUnchangedKeepsItsGenerationAndItsContainer() {
        deployOne(stack("1", "1", "1"));
        var before = containers();
        var file = read("one/docker-compose.yml");
        assertThat(deployOne(stack("1", "1", "1"))).contains("\"changed\":false");
        assertThat(containers()).isEqualTo(before);
        assertThat(read("one/docker-compose.yml")).isEqualTo(file);
        assertThat(deployOne(stack("2", "1", "1")))
                .contains("db: stop-first (it has the volume data), ")
                .doesNotContain("web: ");
        assertThat(containers().get("web-2")).isEqualTo(before.get("web-2")).isNotNull();
        assertThat(gaps()).containsExactly("db");
    }

    @Test
    void theNewContainerIsThereBeforeTheOldOneGoes() {
        deployOne(stack("1", "1", "1"));
        assertThat(deployOne(stack("1", "2", "1")))
                .contains("web: start-first, no gap", "\"word\":\"OK\"")
                .doesNotContain("db: ", "worker: ");
        assertThat(containers()).containsOnlyKeys("db-1", "web-4", "worker-3");
        assertThat(containers().get("web-4")).startsWith("web 2 running ");
        assertThat(gaps()).isEmpty();
        var calls = calls();
        assertThat(calls.indexOf("stop web-2"))
                .isGreaterThan(calls.indexOf(" up -d "))
                .isPositive();
        assertThat(deployOne(stack("1", "2", "1"))).contains("\"changed\":false");
    }

    @Test
    void whatItDependsOnIsReplacedBeforeAndWhatDependsOnItAfter() {
        deployOne(stack("1", "1", "1"));
        assertThat(deployOne(stack("2", "2", "2")))
                .contains("db: stop-first (", "web: start-first, no gap", "worker: stop-first (it has no URL), ");
        assertThat(gaps()).containsExactly("db", "worker");
        assertThat(containers()).containsOnlyKeys("db-4", "web-5", "worker-6");
        assertThat(deployOne(stack("2", "2", "2"))).contains("\"changed\":false");
    }

    @Test
    void oneThatDoesNotGetHealthyNeverReplacesAnything() {
        deployOne(stack("1", "1", "1"));
        var before = containers();
        var file = read("one/docker-compose.yml");
        assertThat(deployOne(stack("1", "broken", "1")))
                .contains("\"word\":\"UNHEALTHY\"", "service web is unhealthy", "the previous version is up again");
        assertThat(containers()).isEqualTo(before);
        assertThat(gaps()).isEmpty();
        assertThat(read("one/docker-compose.yml")).isEqualTo(file);
        assertThat(deployOne(stack("1", "3", "1"))).contains("web: start-first, no gap", "\"word\":\"OK\"");
        assertThat(containers()).hasSize(3);
    }

    @Test
    void withoutAHealthCheckItIsStoppedFirst() {
        deployOne(stack("1", "1", "1"));
        assertThat(deployOne(stack("1", "plain", "1")))
                .contains(
                        "web: stop-first (it has no health check: add one to the service or its image), ",
                        "\"word\":\"OK\"");
        assertThat(gaps()).containsExactly("web");
        assertThat(containers()).hasSize(3);
    }

    @Test
    void withAVolumeOfItsImageItIsStoppedFirstUnlessTheFileSaysOtherwise() {
        deployOne(stack("1", "1", "1"));
        assertThat(deployOne(stack("1", "written", "1")))
                .contains("web: stop-first (its image has the volume /data), ");
        var asked = stack("1", "written 2", "1")
                .replace("\"start-first\"", "\"start-first: as deploy.update_config.order says\"");
        assertThat(deployOne(asked)).contains("web: start-first (as deploy.update_config.order says), no gap");
        assertThat(gaps()).containsExactly("web");
    }

    /** At each call of Docker: what runs serves on, and the next deploy leaves one generation. */
    @Test
    void whereverTheWorkerIsKilledSomethingServesAndTheNextDeployLeavesOneGeneration() {
        var killed = 0;
        deployOne(stack("1", "first", "1"));
        for (var call : callsOf(() -> deployOne(stack("1", "counted", "1")), 6)) {
            put("kill", call + "\n");
            var version = Integer.toString(call);
            var answer = deployOne(stack("1", version, "1"));
            killed += stub.resolve("kill").toFile().delete() ? 0 : 1;
            put("gaps", "");
            assertThat(containers().values())
                    .as("call %s: %s", call, answer)
                    .anyMatch(one -> one.startsWith("web ") && one.contains(" running "));
            var next = call % 3 == 0 ? version : version + "b";
            assertThat(deployOne(stack("1", next, "1"))).as("call " + call).contains("\"word\":\"OK\"");
            assertThat(containers()).as("call " + call).hasSize(3);
            assertThat(gaps()).as("call " + call).isEmpty();
            var web = containers().values().stream()
                    .filter(one -> one.startsWith("web "))
                    .findFirst()
                    .orElseThrow();
            assertThat(read("one/docker-compose.yml")).contains("compose.generation\": \"" + web.split(" ")[1] + "\"");
        }
        assertThat(killed).isPositive();
        Proof.claim("replacement killed at calls of Docker" + Ring.note() + ": " + killed
                + ", each time something served, and the next deploy left one generation");
    }

    private String deployOne(String text) {
        var words = new ArrayList<>(words("one", text));
        words.remove("lifetime=604800");
        words.addAll(List.of("lifetime=forever", "nonce=n" + ++deploys));
        put("calls", "");
        return run("deploy", words, bundle(text));
    }

    static String stack(String db, String web, String worker) {
        return """
                name: "one"
                services:
                  db:
                    image: "x"
                    environment:
                      VERSION: "DB"
                    x-replacement: "stop-first: it has the volume data"
                  web:
                    image: "x"
                    environment:
                      VERSION: "WEB"
                      TEXT: "one__0g0"
                    depends_on:
                      db:
                        condition: "service_started"
                    labels:
                      "traefik.http.routers.one__0g0.rule": "Host(`one.test`) && PathPrefix(`/one__0g0`)"
                      "traefik.http.routers.one__0g0.priority": "42000000"
                      "traefik.http.routers.one__0g0.service": "one__0g0"
                      "traefik.http.routers.one__0g0.middlewares": "one__0g0__deployment,one__0g0__www"
                      "traefik.http.middlewares.one__0g0__deployment.headers.customresponseheaders.X": "one__0g0"
                      "io.github.xdevops.compose.generation": "0"
                    x-replacement: "start-first"
                  worker:
                    image: "x"
                    environment:
                      VERSION: "WORKER"
                    depends_on:
                      web:
                        condition: "service_started"
                    labels:
                      "traefik.http.routers.one__1.service": "one__1"
                    x-replacement: "stop-first: it has no URL"
                """.replace("DB", db).replace("WEB", web).replace("WORKER", worker);
    }

    private String calls() {
        return String.join("\n", lines("calls"));
    }
}
