package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A record's copy of program output has no secrets, and the forms of secrets are not kept (P24). */
@EveryShell
class RedactScriptTest extends InEveryShell {
    private static final String LONG = "canary.*[x\\&/$(id)`'\" ü%s";
    private static final String SHORT = "canary.*[x";
    private static final String SECRETS = "#redact 2\n" + LONG + "\n" + SHORT + "\n";
    private static final String CRASH = "services: {web: {image: crash}}\n";

    @Test
    void theFormsOfSecretsAreNotKept() throws IOException {
        assertThat(deploy("one", SECRETS + WEB)).contains("\"word\":\"OK\"");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/manifest.json")).contains("\"about\": {\"branch\":\"x\"}");
        assertNothingKept();
    }

    @Test
    void aBundleMaySayThatItHasNone() {
        deploy("one", "#redact 0\n" + WEB);
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        deploy("one", "#redact many\n" + WEB);
        assertThat(read("one/docker-compose.yml")).isEqualTo("#redact many\n" + WEB);
    }

    @Test
    @Tag("L5")
    void anEmptyFormEndsNothingAndALongLineIsCut() throws IOException {
        says("up", "x".repeat(65_530) + SHORT + SHORT + "x".repeat(90_000) + "\nlast " + SHORT + "\n");
        assertThat(deploy("one", "#redact 4\n\n" + LONG + "\n\n" + SHORT + "\n" + WEB))
                .contains("\"word\":\"OK\"");
        assertThat(read("one/docker-compose.yml")).isEqualTo(WEB);
        assertThat(read("one/deploy.log")).contains("last ***\n").hasSizeLessThan(70_000);
        assertNothingKept();
    }

    @Test
    @Tag("L5")
    void whatIsSentBesidesTheComposeFileIsBounded() {
        assertThat(deploy("one", "#redact 1000000000\n" + WEB)).contains("\"word\":\"USAGE\"", "too many forms");
        assertThat(deploy("one", "#redact 1\n" + "s".repeat(1_048_577) + "\n" + WEB))
                .contains("\"word\":\"USAGE\"", "more than 1048576 bytes");
        for (var about : List.of("no object", "{\"branch\": \"" + "x".repeat(16_384) + "\"}")) {
            var upload = about + "\n" + WEB;
            var words = words("one", WEB, "sha256=" + Sha256.hex(upload.getBytes(StandardCharsets.UTF_8)));
            assertThat(run("deploy", words, upload)).contains("\"word\":\"USAGE\"", "not a JSON object of at most");
        }
        assertThat(deploy("one", WEB + "#" + "x".repeat(4_194_304)))
                .contains("\"word\":\"DATA\"", "the compose file has more than 4194304 bytes");
        assertThat(home.resolve(".yourlabs.compose/one")).doesNotExist();
        assertThat(home.resolve(".yourlabs.compose/.staging")).isEmptyDirectory();
    }

    @Test
    void theKeptLogHasNoSecretUnderAnyAwk() throws IOException {
        var awks = List.of("mawk", "gawk", "busybox awk").stream()
                .filter(awk -> Files.exists(Path.of("/usr/bin", awk.split(" ")[0])))
                .toList();
        assertThat(awks).isNotEmpty();
        says("up", "it is <" + LONG + "><" + SHORT + ">" + SHORT + "\nand nothing else\n");
        for (var awk : awks) {
            executable("awk", "exec /usr/bin/" + awk + " \"$@\"\n");
            var project = awk.replace(' ', '-');
            deploy(project, SECRETS + WEB);
            assertThat(read(project + "/deploy.log"))
                    .contains("it is <***><***>***\nand nothing else\n")
                    .contains("Container " + project + "-web-1");
            assertNothingKept();
        }
    }

    @Test
    void theLastWordsOfAServiceHaveNoSecret() throws IOException {
        says("logs", "no login for " + SHORT + "\n");
        assertThat(deploy("one", SECRETS + CRASH))
                .contains("\"word\":\"UNHEALTHY\"", "no login for ***\n")
                .doesNotContain("canary");
        assertThat(read("one/deploy.log")).contains("no login for ***\n");
        assertNothingKept();
    }

    @Test
    void theReasonOfAFailureHasNoSecret() throws IOException {
        says("up", "Error: no place for " + LONG + "\n");
        Files.writeString(
                stub.resolve("hook"),
                Files.readString(stub.resolve("hook")) + "case \"$*\" in *' up '*) exit 1 ;; esac\n");
        assertThat(result(deploy("one", SECRETS + WEB)))
                .contains("Error: no place for ***")
                .doesNotContain("canary");
        says("config", SHORT + " is not allowed\n");
        Files.writeString(
                stub.resolve("hook"),
                Files.readString(stub.resolve("hook")) + "case \"$*\" in *' config '*) exit 15 ;; esac\n");
        assertThat(result(deploy("two", SECRETS + WEB)))
                .contains("\"word\":\"DATA\"", "*** is not allowed")
                .doesNotContain("canary");
    }

    @Test
    void withoutASecretInTheOutputNoAwkIsStartedToRedact() throws IOException {
        executable(
                "awk",
                "[ -z \"${forms:-}\" ] || touch \"$STUB/awk-ran\"\nexec \"" + TOOLS.resolve("awk") + "\" \"$@\"\n");
        deploy("one", WEB);
        deploy("one", "#redact 0\n" + WEB);
        deploy("one", SECRETS + WEB);
        assertThat(deploy("one", SECRETS + WEB)).contains("\"changed\":false");
        assertThat(stub.resolve("awk-ran")).doesNotExist();
        says("up", SHORT + "\n");
        deploy("two", SECRETS + WEB);
        assertThat(stub.resolve("awk-ran")).exists();
    }

    /** Lets the stand-in for docker say something first when a word is among what it is asked. */
    private void says(String word, String text) throws IOException {
        Files.writeString(stub.resolve("words"), text);
        Files.writeString(stub.resolve("hook"), "case \" $* \" in *' " + word + " '*) cat \"$STUB/words\" ;; esac\n");
    }

    private void executable(String name, String text) throws IOException {
        var file = Files.writeString(home.resolve("bin").resolve(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static String result(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("@n result "))
                .findFirst()
                .orElseThrow();
    }

    private void assertNothingKept() throws IOException {
        try (var files = Files.walk(home.resolve(".yourlabs.compose"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(text(file)).doesNotContain("canary"));
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
