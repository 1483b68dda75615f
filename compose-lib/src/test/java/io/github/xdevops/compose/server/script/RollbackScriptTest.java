package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.proof.Proof;
import io.github.xdevops.compose.proof.Ring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The history of deploys, and what a rollback brings back. */
@EveryShell
class RollbackScriptTest extends WithReplacingDocker {
    private static final String BY = "{\"author\":\"ada\"}\n";

    private int calls;

    @Test
    void theLastFiveVersionsAreKeptWithTheImagesThatRan() {
        for (int i = 1; i <= 6; i++) {
            deployOne("1", "v" + i);
        }
        assertThat(deployOne("1", "v6")).contains("\"changed\":false");
        assertThat(inspect())
                .contains("@n kept 3 web sha256:image x\n", "@n kept 7 db sha256:image x\n")
                .doesNotContain("kept 2 ", "kept 6 ")
                .contains("{\"number\":1,", "{\"number\":7,");
        assertThat(read("one/docker-compose.yml")).doesNotContain("#:");
    }

    @Test
    void aRollbackIsANewDeployWithTheOldFileAndTouchesNothingElse() {
        deployOne("1", "v1");
        deployOne("1", "v2");
        var db = container("db");
        put("gaps", "");
        assertThat(rollback(1))
                .contains("web: start-first, no gap", "\"word\":\"OK\"", "\"generation\":3", "\"changed\":true")
                .doesNotContain("db: ");
        assertThat(container("db")).isEqualTo(db);
        assertThat(gaps()).isEmpty();
        assertThat(read("one/docker-compose.yml")).contains("VERSION: \"v1\"").contains("generation\": \"3\"");
        assertThat(read("one/manifest.json")).contains("\"state\": \"live\"", "\"generation\": 3,", "one.test");
        assertThat(inspect())
                .contains("\"number\":3,", "\"rollback\":1,\"by\":{\"author\":\"ada\"}", "\"about\":{\"branch\":\"x\"}")
                .contains("@n kept 1 ", "@n kept 2 ", "@n kept 3 ");
        assertThat(rollback(2)).contains("\"word\":\"OK\"", "\"generation\":4");
        assertThat(read("one/docker-compose.yml")).contains("VERSION: \"v2\"");
        assertThat(deployOne("1", "v5")).contains("web: start-first, no gap", "\"word\":\"OK\"");
        assertThat(containers()).hasSize(3);
    }

    @Test
    void aNameThatMeansAnotherImageByNowDoesNotMatterAndNoRegistryIsAsked() {
        deployOne("1", "v1");
        put("moved", "sha256:other\n");
        deployOne("2", "v2");
        assertThat(container("web")).endsWith("sha256:other");
        put("calls", "");
        assertThat(rollback(1)).contains("\"word\":\"OK\"");
        assertThat(String.join("\n", lines("calls"))).doesNotContain("pull ");
        assertThat(container("web")).endsWith("sha256:image");
        assertThat(container("db")).endsWith("sha256:image");
        assertThat(read("one/docker-compose.yml"))
                .contains("    image: \"sha256:image\"\n    pull_policy: \"never\"\n");
        // What was rolled back to is kept under its own name, for the next time.
        assertThat(inspect()).contains("@n kept 3 web sha256:image x\n");
        assertThat(rollback(2)).contains("\"word\":\"OK\"");
        assertThat(container("web")).endsWith("sha256:other");
        assertThat(rollback(3)).contains("\"word\":\"OK\"");
        assertThat(container("web")).endsWith("sha256:image");
    }

    @Test
    void whatCannotBeBroughtBackIsRefusedBeforeAnythingChanges() {
        assertThat(rollback(1)).contains("\"word\":\"DATA\"", "one is not there");
        deployOne("1", "v1");
        deployOne("1", "v2");
        put("moved", "sha256:other\n");
        deployOne("1", "v3");
        var before = containers();
        var manifest = read("one/manifest.json");
        put("lost", "sha256:image");
        assertThat(rollback(1))
                .contains("\"word\":\"DATA\"")
                .contains("one cannot be rolled back to 1, and is unchanged: somebody has deleted the image of ");
        assertThat(rollback(9)).contains("\"word\":\"DATA\"", "its versions are: 1 2 3");
        assertThat(containers()).isEqualTo(before);
        assertThat(read("one/manifest.json")).isEqualTo(manifest);
        assertThat(run("rollback", List.of("project=one", "to=../1"), "")).contains("\"word\":\"USAGE\"");
        assertThat(inspect()).doesNotContain("\"number\":4");
    }

    @Test
    void aReviewHasAHistoryAndNoVersions() {
        assertThat(deploy("two", ReplaceScriptTest.stack("1", "v1", "1").replace("\"one\"", "\"two\"")))
                .contains("\"word\":\"OK\"");
        assertThat(run("inspect", List.of("project=two"), ""))
                .contains("{\"number\":1,\"ended\":")
                .doesNotContain("kept");
        assertThat(run("rollback", List.of("project=two", "to=1"), "")).contains("\"word\":\"DATA\"", "are: none");
    }

    @Test
    void theHistoryTellsHowADeployFailedAndThatOneWasKilled() {
        deployOne("1", "v1");
        assertThat(deployOne("1", "broken")).contains("\"word\":\"UNHEALTHY\"");
        assertThat(inspect())
                .contains(
                        "{\"number\":2,",
                        "\"word\":\"UNHEALTHY\",\"message\":\"service web is unhealthy; the previous version is up again\"")
                .doesNotContain("kept 2");
        put("kill", "14\n");
        deployOne("1", "v3");
        assertThat(stub.resolve("kill")).doesNotExist();
        assertThat(read("one/manifest.json")).contains("\"state\": \"deploying\"");
        deployOne("1", "v4");
        assertThat(inspect()).containsPattern("\"number\":3,\"ended\":[0-9]+,\"word\":\"UNKNOWN\"");
    }

    @Test
    void theHistoryHasAnEnd() throws IOException {
        deployOne("1", "v1");
        var history = home.resolve(".yourlabs.compose/one/.history");
        var line = Files.readString(history);
        Files.writeString(history, line.repeat(80));
        deployOne("1", "v2");
        assertThat(Files.readAllLines(history)).hasSize(50).last().asString().startsWith("{\"number\":2,");
    }

    @Test
    void aKeyBehindAGateRollsBackWhereItMayDeploy() {
        for (var version : List.of("512", "511")) {
            deployFile(ReviewFile.SERVICE.replace("512", version), "repository=r1");
        }
        assertThat(through("repository=r2 persistent=yes")).contains("\"word\":\"NOPERM\"");
        assertThat(through("repository=r1")).contains("\"word\":\"NOPERM\"", "for review environments only");
        assertThat(through("repository=r1 persistent=yes hosts=other.test")).contains("\"word\":\"NOPERM\"");
        assertThat(read("one/docker-compose.yml")).contains("pids_limit: 511");
        // As far as the containers, which the model does not show as Docker makes them.
        assertThat(through("repository=r1 persistent=yes hosts=*.test")).contains("phase up", "phase restore");
    }

    /** At each call of Docker: what runs serves on, and the next deploy leaves one generation. */
    @Test
    void whereverARollbackIsKilledSomethingServesAndTheNextDeployEndsWell() {
        var killed = 0;
        deployOne("1", "v1");
        deployOne("1", "v2");
        for (var call : callsOf(() -> rollback(1), 3)) {
            deployOne("1", "b" + call);
            var from = generation();
            put("kill", call + "\n");
            var answer = rollback(oldest());
            killed += stub.resolve("kill").toFile().delete() ? 0 : 1;
            assertThat(containers().values())
                    .as("call %s from %s: %s", call, from, answer)
                    .anyMatch(one -> one.startsWith("web ") && one.contains(" running "));
            put("gaps", "");
            var next = call % 2 == 0 ? rollback(oldest()) : deployOne("1", "n" + call);
            assertThat(next).as("call " + call).contains("\"word\":\"OK\"");
            assertThat(containers()).as("call " + call).hasSize(3);
            assertThat(gaps()).as("call " + call).isEmpty();
        }
        assertThat(killed).isPositive();
        Proof.claim("rollback killed at calls of Docker" + Ring.note() + ": " + killed
                + ", each time something served, and the next deploy or rollback ended well");
    }

    private int oldest() {
        return inspect()
                .lines()
                .filter(line -> line.startsWith("@n kept "))
                .map(line -> Integer.parseInt(line.split(" ")[2]))
                .min(Integer::compare)
                .orElseThrow();
    }

    private String generation() {
        return read("one/manifest.json").replaceAll("(?s).*\"generation\": (\\d+).*", "$1");
    }

    private String inspect() {
        return run("inspect", List.of("project=one"), "");
    }

    private String rollback(int to) {
        return run(
                "rollback",
                List.of("project=one", "to=" + to, "budget=20", "lock_wait=5", "ready_wait=5", "nonce=r" + ++calls),
                BY);
    }

    private String through(String gate) {
        var words = new ArrayList<>(List.of("gate", "state=.yourlabs.compose"));
        words.addAll(List.of(gate.split(" ")));
        var asked = "exec /bin/sh -c 'x' compose p rollback nonce=g" + ++calls
                + " project=one to=1 budget=20 lock_wait=5 ready_wait=5";
        return run(words, Map.of("SSH_ORIGINAL_COMMAND", asked), BY.getBytes(StandardCharsets.UTF_8));
    }

    private String deployOne(String db, String web, String... more) {
        return deployFile(ReplaceScriptTest.stack(db, web, "1"), more);
    }

    private String deployFile(String text, String... more) {
        var words = new ArrayList<>(words("one", text, more));
        words.remove("lifetime=604800");
        words.addAll(List.of("lifetime=forever", "nonce=n" + ++calls));
        return run("deploy", words, bundle(text));
    }

    private String container(String service) {
        return containers().values().stream()
                .filter(one -> one.startsWith(service + " "))
                .collect(Collectors.joining("\n"));
    }
}
