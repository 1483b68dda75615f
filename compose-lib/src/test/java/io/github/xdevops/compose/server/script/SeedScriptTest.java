package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.server.ServerScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new environment with the data of another, with a stand-in for the program that copies it. */
@EveryShell
class SeedScriptTest extends InEveryShell {
    private static final String PROGRAM = """
            #!/bin/sh
            printf '%s ' "$1" "$2" "$3" $(cat) >>"$STUB/asked"
            echo "in $(cut -d ' ' -f 3 "$STUB/containers" 2>/dev/null)" >>"$STUB/asked"
            grep '"seed"' "$HOME/.yourlabs.compose/$2/manifest.json" >>"$STUB/asked" 2>/dev/null
            printf '@%s %s\\n' "$3" 'phase load' "$3" 'note volumes/log has no place here'
            [ ! -f "$STUB/answer" ] || { printf '@%s result %s\\n' "$3" "$(cat "$STUB/answer")" && exit; }
            printf '@%s result %s\\n' "$3" '{"word":"OK","message":"","id":"abcdef12"}'
            """;

    @BeforeEach
    void installProgram() throws IOException {
        var program = Files.writeString(home.resolve("bin/xdevops-backup"), PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                script,
                new String(ServerScript.text(), StandardCharsets.UTF_8)
                        .replace("/usr/local/sbin/xdevops-backup", program.toString()));
    }

    private String deploySeeded(String seed) {
        return run("deploy", words("one", WEB, "seed=" + seed, "repository=ab12"), bundle(WEB));
    }

    private String asked() throws IOException {
        var asked = stub.resolve("asked");
        var text = Files.exists(asked) ? Files.readString(asked) : "";
        Files.deleteIfExists(asked);
        return text;
    }

    private void answers(String word, String message) throws IOException {
        Files.writeString(stub.resolve("answer"), "{\"word\":\"" + word + "\",\"message\":\"" + message + "\"}");
    }

    @Test
    void aNewEnvironmentIsGivenItsDataBeforeItStarts() throws IOException {
        assertThat(deploySeeded("staging@0123456789abcdef"))
                .contains("\"word\":\"OK\"", "@n warning volumes/log has no place here");
        assertThat(asked()).isEqualTo("""
                        ask one n0 verb=seed check=yes origin=staging@0123456789abcdef owner=ab12 in\s
                        ask one n1 verb=seed origin=staging@0123456789abcdef owner=ab12 in created
                        "seed": "begun",
                        """);
        assertThat(read("one/manifest.json")).contains("\"seed\": \"staging@abcdef12\",\n");
    }

    @Test
    void itIsGivenOnceAndAgainAfterItWasRemoved() throws IOException {
        deploySeeded("staging");
        asked();
        assertThat(deploySeeded("staging")).contains("\"word\":\"OK\"").doesNotContain("keeps its data");
        assertThat(deploy("one", WEB)).contains("\"word\":\"OK\"");
        assertThat(deploySeeded("production"))
                .contains("\"word\":\"OK\"", "one keeps its data: only a new environment", "production");
        assertThat(asked()).isEmpty();
        assertThat(read("one/manifest.json")).contains("\"seed\": \"staging@abcdef12\",\n");
        run("down", List.of("project=one"), "");
        assertThat(deploySeeded("production")).contains("\"word\":\"OK\"");
        assertThat(asked()).contains("ask one n0 ", "ask one n1 ");
    }

    @Test
    void aSeedThatIsRefusedChangesNothing() throws IOException {
        answers("DATA", "no-backup staging");
        assertThat(deploySeeded("staging")).contains("\"word\":\"DATA\"", "staging has no backup yet");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain(" up ");
        assertThat(deploySeeded("sta/ging")).contains("\"word\":\"USAGE\"");
        Files.delete(home.resolve("bin/xdevops-backup"));
        assertThat(deploySeeded("staging")).contains("\"word\":\"UNAVAIL\"", "compose.role=production");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
    }

    @Test
    void nothingStartsAfterASeedThatFailedUntilItWasGivenAgain() throws IOException {
        Files.writeString(
                home.resolve("bin/xdevops-backup"),
                PROGRAM.replace("[ ! -f \"$STUB/answer\" ]", "[ ! -f \"$STUB/answer\" ] || [ \"$3\" = n0 ]"));
        answers("UNHEALTHY", "the scrub of db failed, so nothing was started");
        assertThat(deploySeeded("staging"))
                .contains("\"word\":\"UNHEALTHY\"", "the scrub of db failed, so nothing was started");
        assertThat(read("one/manifest.json")).contains("\"seed\": \"begun\"", "\"state\": \"failed\"");
        assertThat(Files.readString(stub.resolve("containers"))).contains(" created ");

        assertThat(deploy("one", WEB)).contains("\"word\":\"DATA\"", "one has only a part of its seed's data");
        assertThat(Files.readString(stub.resolve("calls"))).doesNotContain(" start");
        asked();
        Files.delete(stub.resolve("answer"));
        assertThat(deploySeeded("staging")).contains("\"word\":\"OK\"");
        assertThat(asked()).as("the volumes are its own by now").doesNotContain("check=yes");
        assertThat(read("one/manifest.json")).contains("\"seed\": \"staging@abcdef12\"");
    }

    @Test
    void aSeedThatFailsEndsTheDeployWithItsOwnWord() throws IOException {
        Files.writeString(
                home.resolve("bin/xdevops-backup"),
                PROGRAM.replace("[ ! -f \"$STUB/answer\" ]", "[ ! -f \"$STUB/answer\" ] || [ \"$3\" = n0 ]"));
        for (var word : List.of("UNAVAIL", "NOPERM", "IOERR", "DATA")) {
            answers(word, "the copy ended");
            assertThat(deploySeeded("staging")).contains("\"word\":\"" + word + "\"", "the copy ended");
            assertThat(read("one/.history")).contains("\"word\":\"" + word + "\"");
        }
    }

    @Test
    void theAgeOfABackupIsInTheListOfTheOwnersStateDirectoryOnly() throws IOException {
        var told = Files.createDirectory(home.resolve("told"));
        Files.writeString(script, Files.readString(script).replace("/var/lib/xdevops/backups", told.toString()));
        deploy("one", WEB);
        assertThat(run("list", List.of(), "")).contains("\"backup\":null");
        Files.writeString(told.resolve("one"), "{\"project\":\"one\",\"last\":1700000000,\"drilled\":0}\n");
        assertThat(run("list", List.of(), ""))
                .contains("\"backup\":{\"project\":\"one\",\"last\":1700000000,\"drilled\":0},\"manifest\":{");
        assertThat(run("list", List.of("state=elsewhere"), "")).doesNotContain("1700000000");
    }
}
