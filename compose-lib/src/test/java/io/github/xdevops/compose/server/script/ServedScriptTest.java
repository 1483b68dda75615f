package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A version that has worked keeps its lease, and its compose file is restored after a failed redeploy (P2, P3, P10). */
@ParameterizedClass
@ValueSource(strings = "dash")
class ServedScriptTest extends InEveryShell {
    private static final String BROKEN = "services: {web: {image: crash}}\n";
    private static final String FOREVER = "lifetime=forever";
    private static final long WEEK = 604_800;
    private static final int CALLS_AT_MOST = 30;

    private int deploys;

    @Test
    void aPersistentEnvironmentIsKeptWhenTheSameDeployFailsAgain() {
        assertThat(deployOne(WEB, FOREVER)).contains("\"word\":\"OK\"");
        failTheSame(WEB, FOREVER);
        assertThat(read("one/manifest.json")).contains("\"state\": \"failed\"", "\"served\": true");
        assertThat(deployOne(BROKEN, FOREVER)).contains("\"word\":\"UNHEALTHY\"", "the previous version is up again");
        assertServesForEver(WEB);
    }

    @Test
    void aPersistentEnvironmentIsKeptWhenADeployFailsAfterAKilledOne() {
        for (var call = 1; killedAt(call, WEB, FOREVER); call++) {
            assertThat(call).isLessThan(CALLS_AT_MOST);
            assertThat(deployOne(BROKEN, FOREVER))
                    .as("call " + call)
                    .contains("\"word\":\"UNHEALTHY\"", "the previous version is up again");
            assertServesForEver(WEB);
        }
    }

    @Test
    void aLeaseIsNotShortenedEither() {
        assertThat(deployOne(WEB)).contains("\"word\":\"OK\"");
        failTheSame(WEB);
        assertThat(deployOne(BROKEN)).contains("the previous version is up again");
        assertThat(Long.parseLong(read("one/removeat").strip()))
                .isGreaterThan(Instant.now().getEpochSecond() + WEEK - 60);
        kill(3);
        deployOne(WEB);
        failTheSame(WEB);
        assertThat(Long.parseLong(read("one/removeat").strip()))
                .isGreaterThan(Instant.now().getEpochSecond() + WEEK - 60);
    }

    @Test
    void theFileThatServedLastIsTheOneThatIsKept() {
        var second = "services: {web: {image: y}}\n";
        deployOne(WEB, FOREVER);
        kill(3);
        deployOne(second, FOREVER);
        failTheSame(second, FOREVER);
        assertThat(read("one/docker-compose.yml"))
                .as("never served, so it is not kept")
                .isEqualTo(WEB);
        assertThat(deployOne(second, FOREVER)).contains("\"word\":\"OK\"");
        failTheSame(second, FOREVER);
        assertThat(deployOne(BROKEN, FOREVER)).contains("the previous version is up again");
        assertServesForEver(second);
    }

    @Test
    void whatIsPinnedIsNotGivenALease() {
        deployOne(BROKEN);
        assertThat(read("one/manifest.json")).contains("\"served\": false");
        run("pin", List.of("project=one"), "ann\n");
        assertThat(deployOne(BROKEN)).contains("\"word\":\"UNHEALTHY\"").doesNotContain("it is kept for");
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).doesNotExist();
        assertThat(read("one/manifest.json")).contains("\"pinned\": true");
        deployOne(WEB);
        failTheSame(WEB);
        assertThat(deployOne(BROKEN)).contains("the previous version is up again");
        assertServesForEver(WEB);
        assertThat(read("one/manifest.json")).contains("\"pinned\": true");
    }

    @Test
    void whatAnotherToolDeployedCountsAsServed() throws IOException {
        write("one/docker-compose.yml", WEB);
        Files.writeString(stub.resolve("containers"), "one web running\n");
        assertThat(deployOne(BROKEN, "force=yes"))
                .contains("\"word\":\"UNHEALTHY\"", "the previous version is up again");
        assertServesForEver(WEB);
    }

    @Test
    void aPreviousVersionIsRestoredAfterOurFirstDeployWasKilled() {
        write("one/docker-compose.yml", WEB);
        kill(5);
        assertThat(deployOne(BROKEN, "force=yes")).contains("\"word\":\"UNKNOWN\"");
        assertThat(deployOne(BROKEN, "force=yes"))
                .contains("\"word\":\"UNHEALTHY\"", "the previous version is up again");
        assertServesForEver(WEB);
    }

    @Test
    void aManifestThatDoesNotTellIsOfWhatMayHaveServed() {
        deployOne(WEB, FOREVER);
        failTheSame(WEB, FOREVER);
        write("one/manifest.json", read("one/manifest.json").replace("\"served\": true,\n", ""));
        deployOne(BROKEN, FOREVER);
        assertServesForEver(WEB);
    }

    @Test
    void aFirstDeployIsKeptForAnHourHoweverOftenItFails() {
        for (var text : List.of(BROKEN, BROKEN, "services: {web: {image: crash2}}\n")) {
            assertThat(deployOne(text, FOREVER)).contains("it is kept for 60 min for inspection");
            assertThat(Long.parseLong(read("one/removeat").strip()))
                    .isLessThan(Instant.now().getEpochSecond() + 3700);
            assertThat(home.resolve(".yourlabs.compose/one/docker-compose.previous.yml"))
                    .doesNotExist();
        }
    }

    private String deployOne(String text, String... more) {
        var words = new ArrayList<>(words("one", text));
        words.addAll(List.of(more));
        // What a killed worker leaves in staging has its nonce.
        words.add("nonce=n" + ++deploys);
        return run("deploy", words, bundle(text));
    }

    /** A redeploy of what is there already, which is not healthy by then. */
    private void failTheSame(String text, String... more) {
        put(
                "hook",
                "case \"$*\" in 'ps '*'--format {{.ID}} {{.State}}'*) echo 'id running web x,net Up 3 hours (unhealthy)'; exit 0 ;; esac\n");
        assertThat(deployOne(text, more)).contains("\"word\":\"UNHEALTHY\"", "service web is unhealthy");
        put("hook", "");
    }

    /** A redeploy of what is there already, whose worker is killed at a call of docker; whether there was that call. */
    private boolean killedAt(int call, String text, String... more) {
        deployOne(text, more);
        kill(call);
        var answer = deployOne(text, more);
        var killed = !Files.exists(stub.resolve("kill-at"));
        assertThat(answer).contains(killed ? "\"word\":\"UNKNOWN\"" : "\"word\":\"OK\"");
        return killed;
    }

    /** Lets the worker of the next deploy die at its n-th call of docker. */
    private void kill(int call) {
        put("kill-at", call + "\n");
        put("hook", """
                if [ -f "$STUB/kill-at" ]; then
                  read -r left <"$STUB/kill-at"
                  read -r verb pid _ <"$HOME/.yourlabs.compose/.locks/one" || verb=''
                  if [ "$verb" = work ] && kill -0 "$pid" 2>/dev/null; then
                    echo $((left - 1)) >"$STUB/kill-at"
                    if [ "$left" -eq 1 ]; then rm "$STUB/kill-at"; kill -9 "$pid"; exit 1; fi
                  fi
                fi
                """);
    }

    private void assertServesForEver(String text) {
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).doesNotExist();
        assertThat(read("one/docker-compose.yml")).isEqualTo(text);
        assertThat(read("one/manifest.json")).contains("\"state\": \"live\"");
        run("sweep", List.of("force=yes"), "");
        assertThat(read("one/docker-compose.yml")).isEqualTo(text);
    }
}
