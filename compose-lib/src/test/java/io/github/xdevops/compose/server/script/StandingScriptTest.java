package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When Compose is not called because nothing has changed (P12); each test sets the containers. */
@EveryShell
class StandingScriptTest extends InEveryShell {
    private static final String TWO = """
            a1 running web shop:7,one_default,one_back Up 2 hours
            b2 running db db:1,one_default Up 2 hours
            """;

    @Test
    void anUnchangedDeploymentIsNotTouched() throws IOException {
        stands(TWO);
        deploy("one", WEB);
        assertThat(asksCompose()).isFalse();
        stands("""
                b2 running db db:1,one_default Up 3 hours
                a1 running web shop:7,one_back,one_default Up 3 hours
                """);
        assertThat(asksCompose()).as("Docker says them in any order").isFalse();
    }

    @Test
    void whateverIsNotAsItWasIsLeftToCompose() throws IOException {
        for (var other : List.of(
                TWO.replace("a1", "c3"),
                TWO.replace("shop:7", "sha256:0123"), // the name means another image
                TWO.replace(",one_back", ""),
                TWO.replace(
                        "b2 running db db:1,one_default Up 2 hours",
                        "b2 exited db db:1,one_default Exited (0) 1 hour ago"),
                TWO + "c3 running old old:1,one_default Up 2 hours\n",
                TWO.substring(0, TWO.indexOf('\n') + 1))) {
            stands(TWO);
            deploy("one", WEB);
            stands(other);
            assertThat(asksCompose()).as(other).isTrue();
        }
    }

    @Test
    void anotherFileIsLeftToCompose() throws IOException {
        stands(TWO);
        deploy("one", WEB);
        assertThat(asksCompose("services: {web: {image: y}}\n")).isTrue();
        assertThat(asksCompose(WEB)).isTrue();
    }

    @Test
    void aFileThatSaysWhenToPullIsLeftToCompose() throws IOException {
        var pulls = "services: {web: {image: x, pull_policy: always}}\n";
        stands(TWO);
        deploy("one", pulls);
        assertThat(asksCompose(pulls)).isTrue();
    }

    @Test
    void aTaskThatHasEndedRunsAgain() throws IOException {
        stands("a1 exited job job:1,one_default Exited (0) 1 hour ago\n");
        deploy("one", WEB);
        assertThat(asksCompose()).isTrue();
    }

    @Test
    void whatADeployLeftThatDidNotEndIsLeftToCompose() throws IOException {
        stands(TWO);
        deploy("one", WEB);
        var manifest = home.resolve(".yourlabs.compose/one/manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replace("\"state\": \"live\"", "\"state\": \"deploying\""));
        assertThat(asksCompose()).isTrue();
        assertThat(asksCompose()).isFalse();
    }

    /** As a power cut, or a kill before the first byte, leaves it. */
    @Test
    void anEmptyNoteIsNone() throws IOException {
        stands("a1 exited job job:1,one_default Exited (0) 1 hour ago\n");
        deploy("one", WEB);
        write("one/.standing", "");
        assertThat(asksCompose()).isTrue();
    }

    @Test
    void whatCannotBeNotedIsLeftToCompose() throws IOException {
        stands(TWO);
        deploy("one", WEB);
        var noted = home.resolve(".yourlabs.compose/one/.standing");
        Files.delete(noted);
        Files.createDirectory(noted);
        assertThat(asksCompose()).isTrue();
        assertThat(asksCompose()).isTrue();
    }

    private boolean asksCompose() throws IOException {
        return asksCompose(WEB);
    }

    private boolean asksCompose(String file) throws IOException {
        Files.delete(stub.resolve("calls"));
        assertThat(deploy("one", file)).contains("\"word\":\"OK\"");
        return Files.readString(stub.resolve("calls")).contains(" up --no-start ");
    }

    private void stands(String lines) throws IOException {
        Files.writeString(stub.resolve("standing"), lines);
        Files.writeString(
                stub.resolve("hook"),
                "case \"$*\" in 'ps '*'{{.Image}},{{.Networks}} {{.Status}}') cat \"$STUB/standing\"; exit 0 ;; esac\n");
    }
}
