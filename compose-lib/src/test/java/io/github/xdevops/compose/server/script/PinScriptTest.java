package io.github.xdevops.compose.server.script;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pinned environment stays until it gets a lease again (P4, P5). */
@EveryShell
class PinScriptTest extends InEveryShell {
    private static final List<String> ONE = List.of("project=one");

    @Test
    void aPinnedEnvironmentHasNoExpiryAndIsNotSwept() {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        assertThat(run("pin", ONE, "ann\n")).contains("\"word\":\"OK\"", "\"expires\":\"forever\"");
        assertPinned("ann");
        assertThat(run("sweep", List.of(), "")).contains("\"swept\":0,\"failed\":0");
        assertPinned("ann");
    }

    @Test
    void aPinThatIsKilledBeforeTheLeaseIsRemovedCounts() {
        deploy("one", WEB);
        run("pin", ONE, "ann\n");
        write("one/removeat", "1000000000\n");
        assertThat(run("sweep", List.of(), "")).contains("\"swept\":0,\"failed\":0");
        assertPinned("ann");
    }

    @Test
    void aDeployWithALifetimeKeepsThePin() {
        deploy("one", WEB);
        run("pin", ONE, "ann\n");
        assertThat(deploy("one", WEB))
                .contains("one is pinned, so it is kept until it is extended")
                .contains("\"word\":\"OK\"", "\"expires\":\"forever\"", "\"generation\":2");
        assertPinned("ann");
        assertThat(read("one/deploy.log")).contains("is pinned");
    }

    @Test
    void aFailedDeployKeepsThePin() {
        deploy("one", WEB);
        run("pin", ONE, "");
        assertThat(deploy("one", "services: {web: {image: crash}}\n")).contains("\"word\":\"UNHEALTHY\"");
        assertPinned("");
    }

    @Test
    void anExpiredEnvironmentCanBeExtendedUntilItsTeardownHasBegun() {
        deploy("one", WEB);
        write("one/removeat", "1000000000\n");
        var extend = List.of("project=one", "lifetime=60");
        assertThat(run("extend", extend, "")).contains("\"word\":\"OK\"");
        assertThat(run("sweep", List.of(), "")).contains("0 removed");
        write("one/removing", "");
        assertThat(run("extend", extend, "")).contains("\"word\":\"DATA\"", "one is gone, so it cannot be extended");
        assertThat(run("sweep", List.of(), "")).contains("swept one");
        assertThat(run("extend", extend, "")).contains("\"word\":\"DATA\"", "one is gone, so it cannot be extended");
    }

    @Test
    void extendingUnpinsAndTheNextDeployGivesALease() {
        deploy("one", WEB);
        run("pin", ONE, "ann\n");
        assertThat(run("extend", List.of("project=one", "lifetime=60"), ""))
                .contains("one is no longer pinned", "\"word\":\"OK\"");
        assertThat(read("one/removeat")).matches("[0-9]{10}\n");
        assertThat(manifest()).containsEntry("pinned", false).containsEntry("pinnedBy", "");
        assertThat(deploy("one", WEB)).containsPattern("\"expires\":\"[0-9]{10}\"");
        assertThat(run("extend", List.of("project=one", "lifetime=60"), "")).doesNotContain("pinned");
    }

    @Test
    void takingDownWhatIsPinnedNeedsForce() {
        deploy("one", WEB);
        run("pin", ONE, "ann\n");
        assertThat(run("down", ONE, "")).contains("\"word\":\"POLICY\"", "one is pinned by ann", "compose.force=true");
        assertPinned("ann");
        assertThat(run("down", List.of("project=one", "force=yes"), "")).contains("\"existed\":true");
        // A later environment of the same name begins without.
        deploy("one", WEB);
        assertThat(manifest()).containsEntry("pinned", false);
    }

    @Test
    void aPersistentEnvironmentWithoutAPinGetsAnExpiryByForceOnly() {
        run("deploy", words("one", WEB, "lifetime=forever"), bundle(WEB));
        assertThat(run("extend", List.of("project=one", "lifetime=604800"), ""))
                .contains("\"word\":\"POLICY\"", "one is persistent", "compose.force=true");
        assertThat(run("extend", List.of("project=one"), "")).contains("\"word\":\"POLICY\"");
        assertThat(deploy("one", WEB)).contains("\"word\":\"POLICY\"", "one is persistent", "compose.force=true");
        assertThat(run("show", words("one", WEB), "")).contains("@n refused {\"word\":\"POLICY\"");
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).doesNotExist();
        assertThat(read("one/manifest.json")).contains("\"generation\": 1,");
        assertThat(run("deploy", words("one", WEB, "lifetime=forever"), bundle(WEB)))
                .contains("\"word\":\"OK\"");
        assertThat(run("deploy", words("one", WEB, "force=yes"), bundle(WEB)))
                .containsPattern("\"expires\":\"[0-9]{10}\"");
        assertThat(run("extend", List.of("project=one", "lifetime=forever"), ""))
                .contains("\"word\":\"OK\"");
        assertThat(run("extend", List.of("project=one", "lifetime=60", "force=yes"), ""))
                .contains("\"word\":\"OK\"");
    }

    @Test
    void whatIsGoneOrGoingCannotBePinned() throws IOException {
        assertThat(run("pin", ONE, "ann\n")).contains("\"word\":\"DATA\"", "one is gone");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        deploy("one", WEB);
        Files.createFile(stub.resolve("stuck"));
        assertThat(run("down", ONE, "")).contains("\"word\":\"BUSY\"");
        assertThat(run("pin", ONE, "ann\n")).contains("\"word\":\"DATA\"", "one is gone");
        assertThat(manifest()).containsEntry("pinned", false);
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).exists();
    }

    @Test
    void whatAnotherToolDeployedCannotBePinned() {
        write("one/removeat", "2000000000\n");
        assertThat(run("pin", ONE, "ann\n")).contains("\"word\":\"DATA\"", "was not deployed by this tool");
        assertThat(read("one/removeat")).isEqualTo("2000000000\n");
        assertThat(home.resolve(".yourlabs.compose/one/manifest.json")).doesNotExist();
    }

    @Test
    void anyNameOfWhoPinsIsHarmless() {
        deploy("one", WEB);
        run("pin", ONE, "a\"b\\c\033[1m$(id)`id`%s\n\"state\": \"x\",\n");
        assertPinned("abc[1m$(id)`id`%s");
        run("pin", ONE, "ü".repeat(2000));
        assertThat(manifest()).containsEntry("pinnedBy", "ü".repeat(50));
        run("pin", ONE, "");
        assertPinned("");
    }

    private void assertPinned(String by) {
        assertThat(home.resolve(".yourlabs.compose/one/removeat")).doesNotExist();
        assertThat(manifest()).containsEntry("pinned", true).containsEntry("pinnedBy", by);
    }

    @SuppressWarnings("unchecked") // keys of JSON objects are strings
    private Map<String, Object> manifest() {
        return (Map<String, Object>) requireNonNull(Json.parse(read("one/manifest.json")));
    }
}
