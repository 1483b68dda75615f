package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anonymous volumes, which Compose leaves behind when it removes a service (P16). */
@EveryShell
class VolumesScriptTest extends InEveryShell {
    private static final String ANONYMOUS = "0123456789abcdef".repeat(4);
    private static final String RESCUED = "fedcba9876543210".repeat(4);
    private static final String OTHER = "services: {web: {image: y}}\n";

    @BeforeEach
    void containersHaveVolumes() throws IOException {
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in 'inspect --format {{range .Mounts}}'*) printf '%s\\n' data " + ANONYMOUS + " " + RESCUED
                        + " ;; esac\n");
    }

    @Test
    void aRedeployRemovesThoseThatWereThere() throws IOException {
        deploy("one", WEB + "# " + RESCUED + "\n");
        assertThat(deploy("one", OTHER)).contains("\"word\":\"OK\"");
        assertThat(removals()).containsExactly("volume rm " + ANONYMOUS);
        assertThat(home.resolve(".yourlabs.compose/one/.volumes")).doesNotExist();
    }

    @Test
    void aDeployThatFailedRemovesThemWhenThePreviousVersionServesAgain() throws IOException {
        deploy("one", WEB + "# " + RESCUED + "\n");
        assertThat(deploy("one", "services: {web: {image: crash}}\n")).contains("previous version is up again");
        assertThat(removals()).containsExactly("volume rm " + ANONYMOUS);
    }

    @Test
    void leftoversOfAKilledDeployAreRemovedByTheNext() throws IOException {
        deploy("one", WEB);
        write("one/.volumes", ANONYMOUS + "\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(removals()).containsExactly("volume rm " + ANONYMOUS);
    }

    @Test
    void withoutAnAnswerOfDockerTheyAreNotForgotten() throws IOException {
        deploy("one", WEB);
        write("one/.volumes", ANONYMOUS + "\n");
        var hook = stub.resolve("hook");
        Files.writeString(hook, "case \"$*\" in 'volume '*) exit 1 ;; esac\n");
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(removals()).isEmpty();
        Files.delete(hook);
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(removals()).containsExactly("volume rm " + ANONYMOUS);
        assertThat(home.resolve(".yourlabs.compose/one/.volumes")).doesNotExist();
    }

    @Test
    void aPersistentEnvironmentKeepsThemUntilItIsTakenDown() throws IOException {
        run("deploy", words("one", WEB, "lifetime=forever"), bundle(WEB));
        run("deploy", words("one", OTHER, "lifetime=forever"), bundle(OTHER));
        assertThat(removals()).isEmpty();
        assertThat(run("down", List.of("project=one", "force=yes"), "")).contains("\"word\":\"OK\"");
        assertThat(removals()).containsExactly("volume rm " + ANONYMOUS + " " + RESCUED);
    }

    /** A bind mount below the record, of another tool or by hand. */
    @Test
    void filesOfAContainersRootGoByAContainerOfTheProject() throws IOException {
        assumeFalse(shell.startsWith("busybox"), "its own rm is not to be replaced");
        var rm = home.resolve("bin/rm");
        Files.writeString(
                rm,
                "#!/bin/sh\ncase \"$*\" in *.trash*) [ -f \"$STUB/by-root\" ] || exit 1 ;; esac\nexec " + TOOLS
                        + "/rm \"$@\"\n");
        Files.setPosixFilePermissions(rm, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(stub.resolve("image"), "sha256:app\n");
        Files.writeString(stub.resolve("hook"), "case \"$*\" in 'run --rm '*) touch \"$STUB/by-root\" ;; esac\n");
        deploy("one", WEB);
        write("one/data/file", "x");
        assertThat(run("down", List.of("project=one"), ""))
                .contains("\"word\":\"OK\"")
                .doesNotContain("rm:");
        assertThat(home.resolve(".yourlabs.compose/.trash")).isEmptyDirectory();
        assertThat(Files.readAllLines(stub.resolve("calls")))
                .filteredOn(call -> call.startsWith("run "))
                .singleElement()
                .asString()
                .contains("--network none", "--cap-drop ALL", "source=" + home + "/.yourlabs.compose/.trash/one.")
                .contains("--entrypoint rm sha256:app -rf ", " /.compose-trash/data");
    }

    @Test
    void anUnchangedRedeployDoesNotAsk() throws IOException {
        deploy("one", WEB);
        deploy("one", WEB);
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain("{{if eq .Type", "volume rm");
    }

    private List<String> removals() throws IOException {
        return Files.readString(stub.resolve("calls"))
                .lines()
                .filter(call -> call.startsWith("volume rm"))
                .toList();
    }
}
