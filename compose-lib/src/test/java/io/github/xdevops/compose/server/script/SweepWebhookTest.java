package io.github.xdevops.compose.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.xdevops.compose.proof.EveryShell;
import io.github.xdevops.compose.text.Json;
import io.github.xdevops.compose.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's owner hears of a sweep, under real shells, with stand-ins for docker and for what calls a URL. */
@EveryShell
class SweepWebhookTest extends InEveryShell {
    private static final String URL = "https://hooks.test/T0/secret?a=b&c=%20;d";
    private static final String CALLER = """
            #!/bin/sh
            for word; do
              case $word in
              @* | --post-file=*) cat "${word#*[@=]}" >>"$STUB/told" && echo >>"$STUB/told" ;;
              esac
            done
            echo "$*" >>"$STUB/words"
            cat >>"$STUB/input"
            [ ! -f "$STUB/refused" ] || exit 22
            """;

    @Test
    void oneMessageTellsOfAllThatIsGone() throws IOException {
        caller("curl");
        write(".host/webhook", URL + "\nanother line\n");
        expired("one", "{\"branch\":\"feature/a&<b>\"}");
        expired("two", "{\"branch\":\"größe\\\"; touch pwned; `touch pwned`\"}");
        assertThat(sweep()).contains("2 removed").doesNotContain("warning", "secret");
        assertThat(told()).hasSize(1);
        assertThat(text()).matches("""
                        Expired environments on \\S+: 2 removed
                        \\* one `feature/a&amp;&lt;b&gt;` one\\.test
                        \\* two `gr\\?\\?\\?\\?e` two\\.test""");
        assertThat(home.resolve("pwned")).doesNotExist();
        assertThat(stub("input")).isEqualTo("url = \"" + URL + "\"\n");
        assertThat(stub("words")).contains("application/json").doesNotContain("secret");
        assertThat(sweep()).contains("0 removed");
        assertThat(told()).as("nothing new").hasSize(1);
    }

    @Test
    void wgetDoesWhereThereIsNoCurl() throws IOException {
        caller("wget");
        write(".host/webhook", URL);
        expired("one", "{}");
        assertThat(sweep()).contains("1 removed").doesNotContain("warning");
        assertThat(text()).endsWith("1 removed\n* one one.test");
        assertThat(stub("input")).isEqualTo(URL + "\n");
        assertThat(stub("words")).doesNotContain("secret");
    }

    @Test
    void aFailedRemovalIsReportedTheFirstTime() throws IOException {
        caller("curl");
        write(".host/webhook", URL);
        expired("one", "{}");
        Files.createFile(stub.resolve("stuck"));
        assertThat(sweep()).contains("warning one was not removed");
        assertThat(text()).contains("0 removed\n* not removed: one (something of one is still in use");
        var failures = read("one/sweep-failures").split(" ", 3);
        write("one/sweep-failures", failures[0] + " 1 " + failures[2]);
        assertThat(sweep()).contains("warning one was not removed");
        assertThat(told()).as("the second time").hasSize(1);
        Files.delete(stub.resolve("stuck"));
        assertThat(run("sweep", List.of("force=yes"), "")).contains("1 removed");
        assertThat(told()).hasSize(2);
    }

    @Test
    void aLongListIsCut() throws IOException {
        caller("curl");
        write(".host/webhook", URL);
        for (var i = 1; i <= 33; i++) {
            write("p" + i + "/removeat", "1000000000\n");
        }
        assertThat(run("sweep", List.of("force=yes"), "")).contains("33 removed");
        assertThat(text()).contains("33 removed\n* p").endsWith("\n* and 3 more");
        assertThat(text().lines()).hasSize(32);
    }

    @Test
    void theSweepDoesNotDependOnIt() throws IOException {
        caller("curl");
        Files.createFile(stub.resolve("refused"));
        write(".host/webhook", URL);
        expired("one", "{}");
        assertThat(sweep())
                .contains("1 removed, 0 failed", "warning the webhook in ")
                .doesNotContain("secret");
        Files.delete(home.resolve("bin/curl"));
        expired("two", "{}");
        assertThat(sweep()).contains("1 removed, 0 failed", "warning the webhook in ");
        assertThat(read("sweep-status.json")).contains("\"swept\":1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.test/secret",
                "file:///etc/secret",
                "https://",
                "https://x.test/secret\" output = \"pwned",
                "https://x.test/secret\r",
                "https://x.test/sec ret",
                "-K secret"
            })
    void whatIsNoUrlIsNotCalled(String url) throws IOException {
        caller("curl");
        write(".host/webhook", url + "\n");
        expired("one", "{}");
        assertThat(sweep()).contains("1 removed", "warning the webhook in ").doesNotContain("secret\"", "pwned");
        assertThat(stub.resolve("words")).doesNotExist();
    }

    @Test
    void withoutTheFileNothingIsCalled() throws IOException {
        caller("curl");
        caller("wget");
        expired("one", "{}");
        assertThat(sweep()).contains("1 removed").doesNotContain("warning");
        assertThat(stub.resolve("words")).doesNotExist();
    }

    /** A server that nobody deploys to for a month goes on sweeping, and telling. */
    @Test
    void onlyScriptsThatNothingCallsGoByAge() throws IOException {
        for (var file : List.of("webhook", "sweep", "swept", "said", "stacks-of-timer.sh", "stacks-old.sh")) {
            write(".host/" + file, URL);
        }
        write(".host/sweeper", "cron stacks-of-timer.sh\n");
        try (var files = Files.list(home.resolve(".yourlabs.compose/.host"))) {
            for (var file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(40L * 86_400)));
            }
        }
        run("sweep", List.of("nonce=timer", "force=yes"), "");
        try (var files = Files.list(home.resolve(".yourlabs.compose/.host"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("webhook", "sweep", "swept", "said", "sweeper", "stacks-of-timer.sh");
        }
    }

    private void caller(String name) throws IOException {
        var program = Files.writeString(home.resolve("bin").resolve(name), CALLER);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void expired(String project, String about) {
        var bundle = about + "\n" + WEB;
        var words = words(project, WEB, "sha256=" + Sha256.hex(bundle.getBytes(StandardCharsets.UTF_8)));
        assertThat(run("deploy", words, bundle)).contains("\"word\":\"OK\"");
        write(project + "/removeat", "1000000000\n");
    }

    private String sweep() {
        return run("sweep", List.of(), "");
    }

    private String stub(String file) throws IOException {
        return Files.readString(stub.resolve(file));
    }

    private List<String> told() throws IOException {
        return stub("told").lines().toList();
    }

    private String text() throws IOException {
        var last = told().get(told().size() - 1);
        return Json.parse(last) instanceof Map<?, ?> message
                ? String.valueOf(message.get("text"))
                : "no object: " + last;
    }
}
